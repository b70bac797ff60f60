-- $1 token of the lease, $2 error, $3 its class, $4 pause or null, $5 attempts allowed, $6 characters of the error kept.
-- The pause doubles with each attempt, from 30 seconds up to an hour, and is drawn at random below that, so that jobs
-- that failed together do not come back together.
update embedding_queue as q
set status = case
        when $3 = 'fatal' then 'failed'
        when $3 = 'retryable' and coalesce(q.retry_count, 0) + 1 >= $5 then 'failed'
        else 'pending'
    end,
    retry_count = coalesce(q.retry_count, 0) + case $3 when 'rate_limited' then 0 else 1 end,
    not_before = statement_timestamp() + coalesce(
        $4,
        random() * least(interval '30 seconds' * power(2, least(coalesce(q.retry_count, 0), 10)), interval '1 hour')
    ),
    error_message = left($2, $6), lease_token = null, lease_expires_at = null
where q.status = 'processing' and q.lease_token = $1
