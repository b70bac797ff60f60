-- $1 jobs, $2 the status of a job that is done
update any_queue as q
set job_status = $2, retry_count = 0, error_message = null, turn = null, not_before = null, lease_token = null,
    lease_expires_at = null
where q.id = any ($1)
