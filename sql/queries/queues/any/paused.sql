-- $1 at most so many: jobs whose pause is over, locked
select q.id
from any_queue as q
where q.not_before <= statement_timestamp() and q.job_status = 'pending'
order by q.not_before
limit $1
for update skip locked
