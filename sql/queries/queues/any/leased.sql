-- $1 token: the jobs of a lease that has not ended, locked
select q.id
from any_queue as q
where q.lease_token = $1 and q.lease_expires_at >= statement_timestamp()
order by q.id
for update
