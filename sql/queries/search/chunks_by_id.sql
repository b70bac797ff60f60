-- $1 chunk ids: what a result shows of each, in that order, unless its page is marked deleted
select wanted.position, e.page_id, p.url, p.title, e.chunk_text, e.heading_path, e.search_vector
from unnest($1::uuid[]) with ordinality as wanted (id, position)
join page_embeddings as e on e.id = wanted.id
join scraped_pages as p on p.id = e.page_id
where p.status is distinct from 'deleted'
order by wanted.position
