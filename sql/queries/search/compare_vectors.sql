-- $1 configuration, $2 vector: shows how far each of its vectors is to the search that is under way; how many they are
select count(frontdesk.collect_distance(v.chunk_id, v.direction <#> (select l2_normalize($2)::halfvec)))
from frontdesk_internal.chunk_vectors as v
where v.config_id = $1
