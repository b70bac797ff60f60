-- $1 configuration, $2 chunk id: the chunk, if the caller may see it
select e.id from page_embeddings as e where e.id = $2 and e.domain_id = $1
