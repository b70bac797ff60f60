-- $1 at most so many. Extraction jobs whose worker did not come back in time are pending again; the attempt counts.
update entity_extraction_queue as q
set status = 'pending', retry_count = coalesce(q.retry_count, 0) + 1, lease_token = null, lease_expires_at = null
where q.id = any (array(
    select x.id
    from entity_extraction_queue as x
    where x.status = 'processing' and x.lease_expires_at < now()
    order by x.lease_expires_at
    limit $1
    for update skip locked
))
