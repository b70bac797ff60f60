-- $1 jobs, locked: ends their leases. A page is pending while a chunk waits for a vector, from the time on when the first may be
-- tried; else it has failed when a chunk is a dead letter; else it is completed.
-- Each job is looked up once, among all its former versions; then the place of its row is known.
with job as materialized (
    select q.ctid as tid, q.page_id
    from embedding_queue as q
    where q.id = any ($1)
)
update embedding_queue as q
set status = s.status, retry_count = s.attempts, error_message = s.error,
    not_before = case when s.status = 'pending' and s.due > statement_timestamp() then s.due end,
    turn = null, lease_token = null, lease_expires_at = null, leased_chunks = null
from (
    select j.tid, c.attempts, c.error, c.due,
        case when c.due is not null then 'pending' when c.is_dead then 'failed' else 'completed' end as status
    from job as j
    cross join lateral (
        select min(coalesce(f.not_before, '-infinity')) filter (where f.is_dead is not true) as due,
            bool_or(f.is_dead) as is_dead, coalesce(max(f.attempts), 0) as attempts,
            (array_agg(f.error order by f.failed_at desc nulls last))[1] as error
        from page_embeddings as e
        left join frontdesk_internal.chunk_failures as f
            on f.chunk_id = e.id and f.content_hash is not distinct from e.content_hash
        where e.page_id = j.page_id and e.target_embedding is null
    ) as c
) as s
where q.ctid = s.tid
