-- $1 configuration, $2 ids of chunks and pages: the chunks that are meant
select e.id from page_embeddings as e where e.domain_id = $1 and e.id = any ($2)
union
select e.id from page_embeddings as e where e.domain_id = $1 and e.page_id = any ($2)
