-- $1 token: the domains of its crawls, locked before the crawls are: whoever deletes a domain has it first and then its crawls
select d.id
from domains as d
where d.id in (select q.domain_id from scrape_jobs as q where q.lease_token = $1)
    or d.domain in (select q.domain from scrape_jobs as q where q.lease_token = $1 and q.domain_id is null)
order by d.id
for no key update
