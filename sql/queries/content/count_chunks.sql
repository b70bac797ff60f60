-- $1 page
select count(*)::integer from page_embeddings as e where e.page_id = $1
