-- $1 at most so many. Keys of rate limits that have all their requests back.
delete from frontdesk_internal.request_rates as r
where r.key_digest = any (array(
    select x.key_digest
    from frontdesk_internal.request_rates as x
    where x.due_at < clock_timestamp()
    order by x.due_at
    limit $1
    for update skip locked
))
