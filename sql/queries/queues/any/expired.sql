-- $1 at most so many: jobs whose worker did not come back in time, locked
select q.id
from any_queue as q
where q.lease_expires_at < statement_timestamp()
order by q.lease_expires_at
limit $1
for update skip locked
