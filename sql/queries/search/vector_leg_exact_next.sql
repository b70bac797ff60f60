-- $1 configuration, $2 vector of the next model, $3 depth. Of its vectors there is no dense copy yet. Adding zero keeps the planner from the HNSW index, which could return too few.
-- A stored vector without length, which no worker can hand in, is at no distance and sorts last.
with nearest as materialized (
    select e.id, (e.embedding_next <=> $2) + 0 as distance
    from page_embeddings as e
    where e.domain_id = $1 and e.embedding_next is not null
    order by distance, e.id
    limit $3
)
select n.id, (1 - n.distance)::real
from nearest as n
where n.distance <> 'NaN'
order by n.distance, n.id
