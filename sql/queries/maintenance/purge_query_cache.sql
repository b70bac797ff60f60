-- $1 at most so many. Answers that have expired.
delete from query_cache as q
where q.id = any (array(
    select x.id
    from query_cache as x
    where x.expires_at < now()
    order by x.expires_at
    limit $1
    for update skip locked
))
