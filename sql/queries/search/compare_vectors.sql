-- $1 configuration: shows each of its vectors to the search that is under way; how many they are
select count(frontdesk.collect_similarity(v.chunk_id, v.direction))
from frontdesk_internal.chunk_vectors as v
where v.config_id = $1
