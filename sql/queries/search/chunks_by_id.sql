-- $1 chunk ids: what a result shows of each, in that order, unless its page is marked deleted. By their keys, one by one: a
-- plan for the average tenant would read all chunks of a large one.
select wanted.position, e.page_id, p.url, p.title, e.chunk_text, e.heading_path, e.search_vector
from unnest($1::uuid[]) with ordinality as wanted (id, position)
cross join lateral (
    select c.page_id, c.chunk_text, c.heading_path, c.search_vector
    from page_embeddings as c
    where c.id = wanted.id
    offset 0
) as e
cross join lateral (
    select s.url, s.title
    from scraped_pages as s
    where s.id = e.page_id and s.status is distinct from 'deleted'
    offset 0
) as p
order by wanted.position
