-- $1 configuration, $2 chunk ids: those that the caller may see
select e.id from page_embeddings as e where e.domain_id = $1 and e.id = any ($2)
