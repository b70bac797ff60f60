-- $1 at most so many: jobs whose pause is over join the line, where a trigger gives them a place
update any_queue as q
set not_before = null
where q.id = any (array(
    select w.id
    from any_queue as w
    where w.not_before <= statement_timestamp() and w.job_status = 'pending'
    order by w.not_before
    limit $1
    for update skip locked
))
