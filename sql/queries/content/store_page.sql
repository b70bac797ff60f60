-- $1 domain, $2 url, $3 title, $4 content, $5 html, $6 description, $7 metadata.
-- The row lock makes two ingests of one url wait for each other; both see the outcome of the first.
with found as materialized (
    select p.id,
        p.status = 'completed' and p.title is not distinct from $3 and p.content is not distinct from $4
            and p.html is not distinct from $5 and p.metadata is not distinct from $7 as is_same
    from scraped_pages as p
    where p.domain_id = $1 and p.url = $2
    for update
),
stored as (
    insert into scraped_pages as p
        (domain_id, url, title, content, html, excerpt, metadata, status, last_scraped_at, scraped_at)
    select $1, $2, $3, $4, $5, coalesce($6, left($4, 300)), $7, 'completed', now(), now()
    where not exists (select from found as f where f.is_same)
    on conflict (url) do update
    set title = excluded.title, content = excluded.content, html = excluded.html, excerpt = excluded.excerpt,
        metadata = excluded.metadata, status = excluded.status, last_scraped_at = excluded.last_scraped_at
    where p.domain_id = excluded.domain_id
    returning p.id
)
select s.id, case when exists (select from found) then 'updated' else 'inserted' end
from stored as s
union all
select f.id, 'unchanged'
from found as f
where f.is_same
