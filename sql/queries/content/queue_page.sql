-- $1 page, $2 whether chunks were added: waits for vectors while a chunk misses one, and no longer; whether it waits. A
-- worker that is at it keeps its lease: it sees by each chunk's hash what has changed. A dead letter waits for new text.
with queued as (
    insert into embedding_queue as q (page_id, status)
    select $1, case when m.is_missing then 'pending' else 'completed' end
    from (
        select exists (select from page_embeddings as e where e.page_id = $1 and e.embedding is null) as is_missing
    ) as m
    on conflict (page_id) do update
    set status = excluded.status, retry_count = 0, error_message = null, not_before = null, lease_token = null,
        lease_expires_at = null,
        created_at = case when q.status in ('completed', 'failed') then now() else q.created_at end
    where case
            when excluded.status = 'completed' then q.status <> 'completed'
            when $2 then q.status not in ('pending', 'processing') or q.retry_count > 0 and q.status = 'pending'
            else q.status = 'completed'
        end
    returning q.status
)
select coalesce((select n.status from queued as n), (select q.status from embedding_queue as q where q.page_id = $1))
    in ('pending', 'processing')
