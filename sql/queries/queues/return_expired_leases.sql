-- $1 attempts allowed: jobs whose worker did not come back in time are pending again. The attempt counts: what kills every
-- worker that tries it must end as a dead letter.
update embedding_queue as q
set status = case when coalesce(q.retry_count, 0) + 1 >= $1 then 'failed' else 'pending' end,
    retry_count = coalesce(q.retry_count, 0) + 1, error_message = 'the lease ended before the worker came back',
    lease_token = null, lease_expires_at = null
where q.id in (
    select x.id
    from embedding_queue as x
    where x.status = 'processing' and x.lease_expires_at < statement_timestamp()
    order by x.lease_expires_at
    limit 1000
    for update skip locked
)
