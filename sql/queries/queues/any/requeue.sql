-- $1 domain or null, $2 jobs or null: these jobs, otherwise dead letters, are in line again as if never tried
update any_queue as q
set job_status = 'pending', retry_count = 0, error_message = null, turn = null, not_before = null, lease_token = null,
    lease_expires_at = null
where ($1 is null or q.job_domain::text = $1)
    and case when $2 is null then q.job_status = 'failed' else q.id = any ($2) end
returning q.id
