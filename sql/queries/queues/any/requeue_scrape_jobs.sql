-- As requeue.sql. Of a domain's crawls of one kind only one may wait or run: the latest.
update scrape_jobs as q
set status = 'pending', retry_count = 0, error_message = null, turn = null, not_before = null, lease_token = null,
    lease_expires_at = null
where q.id in (
    select distinct on (j.domain, j.job_type) j.id
    from scrape_jobs as j
    where ($1 is null or j.domain = $1) and j.status not in ('pending', 'running')
        and case when $2 is null then j.status = 'failed' else j.id = any ($2) end
        and not exists (
            select
            from scrape_jobs as a
            where a.domain = j.domain and a.job_type = j.job_type and a.status in ('pending', 'running')
        )
    order by j.domain, j.job_type, j.created_at desc, j.id
)
returning q.id
