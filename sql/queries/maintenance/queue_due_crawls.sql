-- $1 at most so many. A domain is due when its last full crawl was asked for, and its last crawl ended, longer ago than its
-- scrape_frequency says; so one that fails is not asked for again at once. Those that have waited longest come first.
insert into scrape_jobs (domain_id, customer_config_id, domain, job_type)
select d.id, c.id, d.domain, 'full'
from domains as d
left join customer_configs as c on c.domain = d.domain and c.organization_id is not distinct from d.organization_id
where coalesce(d.active, true) and coalesce(c.active, true)
    and frontdesk.crawl_interval(d.scrape_frequency) is not null
    and coalesce(d.last_scraped_at, '-infinity') <= now() - frontdesk.crawl_interval(d.scrape_frequency)
    and not exists (
        select
        from scrape_jobs as j
        where j.domain = d.domain
            and (
                j.status in ('pending', 'running')
                or j.job_type = 'full' and j.created_at > now() - frontdesk.crawl_interval(d.scrape_frequency)
            )
    )
order by d.last_scraped_at nulls first, d.id
limit $1
on conflict (domain, job_type) where status in ('pending', 'running') do nothing
