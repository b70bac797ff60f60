-- $1 jobs, $2 length of the lease, $3 its token, $4 the status of a job under way
update any_queue as q
set job_status = $4, turn = null, lease_token = $3, lease_expires_at = statement_timestamp() + $2, error_message = null
where q.id = any ($1)
