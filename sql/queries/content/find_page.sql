-- $1 domain, $2 url, $3 title, $4 content, $5 html, $6 excerpt, $7 metadata, $8 chunks: the stored page, and whether it is
-- this one. A page that lost chunks is not: they are made again.
select p.id,
    p.status is not distinct from 'completed' and p.title is not distinct from $3 and p.content is not distinct from $4
        and p.html is not distinct from $5 and p.metadata is not distinct from $7::jsonb
        and (select count(*) from page_embeddings as e where e.page_id = p.id) = $8
from scraped_pages as p
where p.domain_id = $1 and p.url = $2
