-- $1 configuration, $2 chunk ids: shows those of its vectors to the search that is under way; how many they are. By their key, one
-- by one: a plan for the average tenant would read all vectors of a large one.
select count(frontdesk.collect_similarity(n.chunk_id, n.direction))
from unnest($2::uuid[]) as w (id)
cross join lateral (
    select v.chunk_id, v.direction
    from frontdesk_internal.chunk_vectors as v
    where v.chunk_id = w.id and v.config_id = $1
    offset 0
) as n
