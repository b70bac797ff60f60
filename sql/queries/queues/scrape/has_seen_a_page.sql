-- $1 job, $2 pages: whether one of them is the domain's
select exists (
    select
    from scrape_jobs as q
    join domains as d on d.id = q.domain_id or (q.domain_id is null and d.domain = q.domain)
    join scraped_pages as p on p.domain_id = d.id
    where q.id = $1 and p.id = any ($2)
)
