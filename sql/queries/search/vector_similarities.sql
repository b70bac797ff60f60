-- $1 configuration, $2 vector, $3 chunk ids. The ids are few, and known: no index of vectors is asked.
select e.id, (1 - (e.embedding <=> $2))::real
from page_embeddings as e
where e.domain_id = $1 and e.id = any ($3) and e.embedding is not null and e.embedding <=> $2 <> 'NaN'
