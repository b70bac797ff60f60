-- $1 domain, $2 url
delete from scraped_pages as p where p.domain_id = $1 and p.url = $2
