-- $1 domain, $2 url, $3 title, $4 content, $5 html, $6 excerpt, $7 metadata
insert into scraped_pages as p
    (domain_id, url, title, content, html, excerpt, metadata, status, last_scraped_at, scraped_at)
values ($1, $2, $3, $4, $5, coalesce($6, left($4, 300)), $7::jsonb, 'completed', now(), now())
on conflict (url) do nothing
returning p.id
