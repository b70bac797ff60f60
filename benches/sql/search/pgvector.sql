-- pgvector alone: $1 words (not used), $2 vector, $3 rows, $4 configuration
select e.id, e.chunk_text
from page_embeddings as e
where e.domain_id = $4 and $1::text is not null
order by e.embedding <=> $2
limit $3::integer
