-- $1 where the line begins: the first job that the line has passed, because it was not committed yet, or a claim of it was
-- rolled back
select q.turn
from any_queue as q
where q.turn < $1 and q.job_status = 'pending'
order by q.turn
limit 1
