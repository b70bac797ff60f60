-- The table to go on with, pages first. Whoever calls at the same time waits and goes on from here.
select t.relation, t.last_id
from frontdesk_internal.text_search_reindex as t
where not t.is_finished
order by array_position(array['scraped_pages', 'page_embeddings', 'entity_catalog'], t.relation)
limit 1
for update
