-- $1 where the line begins, $2 at most so many: the first jobs in line, locked, but for those that others hold
select q.id, q.turn
from any_queue as q
where q.turn >= $1 and q.job_status = 'pending'
order by job_order
limit $2
for update skip locked
