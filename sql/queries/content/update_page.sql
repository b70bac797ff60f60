-- $1 domain, $2 url, $3 title, $4 content, $5 html, $6 excerpt, $7 metadata
update scraped_pages as p
set title = $3, content = $4, html = $5, excerpt = coalesce($6, left($4, 300)), metadata = $7::jsonb, status = 'completed',
    last_scraped_at = now(), scraped_at = now()
where p.domain_id = $1 and p.url = $2
