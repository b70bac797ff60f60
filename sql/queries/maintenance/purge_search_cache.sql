-- $1 at most so many. Results that have expired.
delete from search_cache as s
where s.id = any (array(
    select x.id
    from search_cache as x
    where x.expires_at < now()
    limit $1
    for update skip locked
))
