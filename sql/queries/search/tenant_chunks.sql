-- $1 configuration: its chunks with their lexemes
select e.id, e.search_vector from page_embeddings as e where e.domain_id = $1 and e.search_vector is not null
