-- $1 jobs: their pages
select q.id, q.page_id from entity_extraction_queue as q where q.id = any ($1)
