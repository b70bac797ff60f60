-- $1 configuration, $2 vector of the next model, $3 chunk ids. The ids are few, and known: no index of vectors is asked.
select e.id, (1 - (e.embedding_next <=> $2))::real
from page_embeddings as e
where e.domain_id = $1 and e.id = any ($3) and e.embedding_next is not null and e.embedding_next <=> $2 <> 'NaN'
