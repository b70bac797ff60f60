-- $1 configuration, $2 chunk ids: the directions of those that have a vector
select n.chunk_id, n.direction
from unnest($2::uuid[]) as w (id)
cross join lateral (
    select v.chunk_id, v.direction::real[] as direction
    from frontdesk_internal.chunk_vectors as v
    where v.chunk_id = w.id and v.config_id = $1
    offset 0
) as n
