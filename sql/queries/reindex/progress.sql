-- Rows done and left of each table, and whether all are finished
select t.relation, t.rows_done,
    case
        when t.is_finished then 0
        when t.relation = 'scraped_pages'
        then (select count(*) from scraped_pages as r where t.last_id is null or r.id > t.last_id)
        when t.relation = 'page_embeddings'
        then (select count(*) from page_embeddings as r where t.last_id is null or r.id > t.last_id)
        else (select count(*) from entity_catalog as r where t.last_id is null or r.id > t.last_id)
    end,
    bool_and(t.is_finished) over ()
from frontdesk_internal.text_search_reindex as t
order by array_position(array['scraped_pages', 'page_embeddings', 'entity_catalog'], t.relation)
