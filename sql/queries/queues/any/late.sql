-- $1 where the line begins, $2 at most so many: jobs that the line has passed, because they were not committed yet, or a
-- claim of them was rolled back, come to its front
update any_queue as q
set turn = $1
where q.id = any (array(
    select l.id
    from any_queue as l
    where l.turn < $1
    order by l.turn
    limit $2
    for update skip locked
))
