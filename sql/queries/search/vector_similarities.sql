-- $1 configuration, $2 vector, $3 chunk ids: those that have a vector. By their key, one by one: a plan for the average tenant
-- would read all vectors of a large one.
select n.chunk_id, (-n.distance)::real, n.distance
from unnest($3::uuid[]) as w (id)
cross join lateral (
    select v.chunk_id, v.direction <#> (select l2_normalize($2)::halfvec) as distance
    from frontdesk_internal.chunk_vectors as v
    where v.chunk_id = w.id and v.config_id = $1
    offset 0
) as n
