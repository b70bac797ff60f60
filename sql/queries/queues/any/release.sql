-- $1 jobs that nobody has tried: they are in line again
update any_queue as q
set job_status = 'pending', lease_token = null, lease_expires_at = null
where q.id = any ($1)
