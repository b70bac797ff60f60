-- $1 jobs, $2 error, $3 its class, $4 pause or null, $5 attempts allowed, $6 characters of the error kept. The pause doubles
-- with each attempt, from 30 seconds up to an hour, and is drawn at random below that ("full jitter"), so that jobs that
-- failed together do not come back together.
update any_queue as q
set job_status = case when f.is_dead then 'failed' else 'pending' end,
    retry_count = f.attempts,
    not_before = case
        when not f.is_dead
        then statement_timestamp() + nullif(
            coalesce($4, random() * least(interval '30 seconds' * power(2, least(f.before, 10)), interval '1 hour')), '0'
        )
    end,
    error_message = left($2, $6), turn = null, lease_token = null, lease_expires_at = null
from (
    select j.id, a.before, a.before + case $3 when 'rate_limited' then 0 else 1 end as attempts,
        $3 = 'fatal' or ($3 = 'retryable' and a.before + 1 >= $5) as is_dead
    from any_queue as j
    cross join lateral (select coalesce(j.retry_count, 0) as before) as a
    where j.id = any ($1)
) as f
where q.id = f.id
