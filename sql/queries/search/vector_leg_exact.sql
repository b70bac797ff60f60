-- $1 configuration, $2 vector, $3 depth. Adding zero keeps the planner from the HNSW index, which could return too few.
select e.id, (1 - (e.embedding <=> $2))::real
from page_embeddings as e
where e.domain_id = $1 and e.embedding is not null
order by (e.embedding <=> $2) + 0, e.id
limit $3
