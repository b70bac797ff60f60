-- $1 configuration, $2 chunk ids: their lexemes
select e.id, e.search_vector
from page_embeddings as e
where e.domain_id = $1 and e.id = any ($2) and e.search_vector is not null
