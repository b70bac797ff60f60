-- $1 configuration, $2 vector, $3 depth: the nearest of its vectors, all compared
select n.chunk_id, (-n.distance)::real
from (
    select v.chunk_id, v.direction <#> (select l2_normalize($2)::halfvec) as distance
    from frontdesk_internal.chunk_vectors as v
    where v.config_id = $1
    order by distance, v.chunk_id
    limit $3
) as n
order by n.distance, n.chunk_id
