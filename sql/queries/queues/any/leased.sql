-- $1 token: the jobs of a lease that has not ended, locked. By the index on tokens: in the one on ends of leases every claim of
-- the past leaves an entry, which beside an old snapshot nobody can remove. So its condition is written in a way that the
-- planner cannot look up.
select q.id
from any_queue as q
where q.lease_token = $1 and coalesce(q.lease_expires_at, '-infinity') >= statement_timestamp()
order by q.id
for update
