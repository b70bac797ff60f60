-- $1 jobs whose pause is over: they join the line, where a trigger gives them a place
update any_queue as q
set not_before = null
where q.id = any ($1)
