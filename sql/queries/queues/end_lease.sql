-- $1 token of the lease, $2 whether a vector was unusable, $3 attempts allowed: pages with all vectors are completed,
-- the others return to the queue
update embedding_queue as q
set status = s.status, retry_count = coalesce(q.retry_count, 0) + s.attempt,
    error_message = case when s.attempt = 1 then 'a vector was not usable' end,
    lease_token = null, lease_expires_at = null
from (
    select x.id, m.is_missing::integer * $2::integer as attempt,
        case
            when not m.is_missing then 'completed'
            when $2 and coalesce(x.retry_count, 0) + 1 >= $3 then 'failed'
            else 'pending'
        end as status
    from embedding_queue as x
    cross join lateral (
        select exists (select from page_embeddings as e where e.page_id = x.page_id and e.embedding is null) as is_missing
    ) as m
    where x.lease_token = $1
) as s
where q.id = s.id
