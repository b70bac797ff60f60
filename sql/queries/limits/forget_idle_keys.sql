-- Now and then a request clears some keys whose requests have all come back, so that the table never holds many more
-- rows than there are active keys, whether or not anybody runs maintenance.
delete from frontdesk_internal.request_rates as r
where random() < 0.02
    and r.ctid = any (array(
        select x.ctid
        from frontdesk_internal.request_rates as x
        where x.due_at < clock_timestamp()
        order by x.due_at
        limit 200
        for update skip locked
    ))
