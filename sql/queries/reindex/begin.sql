-- A new round, when none is under way.
insert into frontdesk_internal.text_search_reindex (relation)
select r.relation
from unnest(array['scraped_pages', 'page_embeddings', 'entity_catalog']) as r (relation)
where not exists (select from frontdesk_internal.text_search_reindex)
on conflict (relation) do nothing
