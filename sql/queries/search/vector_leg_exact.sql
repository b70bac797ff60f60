-- $1 configuration, $2 vector, $3 depth. Adding zero keeps the planner from the HNSW index, which could return too few.
-- A vector without length, which no worker can hand in, is at no distance.
select e.id, (1 - (e.embedding <=> $2))::real
from page_embeddings as e
where e.domain_id = $1 and e.embedding is not null and (e.embedding <=> $2) <> 'NaN'
order by (e.embedding <=> $2) + 0, e.id
limit $3
