-- $1 token: the configurations of its crawls, locked like their domains. A row that is written twice in a transaction has
-- its foreign keys checked, which would wait for a configuration that somebody deletes who waits for the crawl.
select c.id
from customer_configs as c
where c.id in (select q.customer_config_id from scrape_jobs as q where q.lease_token = $1)
order by c.id
for key share
