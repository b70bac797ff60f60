-- $1 configuration, $2 vector, $3 depth. A relaxed scan returns rows slightly out of order: they are sorted once more.
with nearest as materialized (
    select e.id, e.embedding <=> $2 as distance
    from page_embeddings as e
    where e.domain_id = $1
    order by e.embedding <=> $2
    limit $3
)
select n.id, (1 - n.distance)::real
from nearest as n
where n.distance is not null
order by n.distance, n.id
