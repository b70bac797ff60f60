-- $1 domain, $2 url
with removed as (
    delete from scraped_pages as p where p.domain_id = $1 and p.url = $2 returning p.id
),
findings as (
    delete from structured_extractions as x
    where x.domain_id = $1 and x.url = $2 and exists (select from removed)
)
select r.id
from removed as r
