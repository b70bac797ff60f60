-- $1 page: queued for embedding when a chunk misses its vector, taken out of the queue when none does
insert into embedding_queue as q (page_id, status)
select $1, case when m.is_missing then 'pending' else 'completed' end
from (
    select exists (select from page_embeddings as e where e.page_id = $1 and e.embedding is null) as is_missing
) as m
on conflict (page_id) do update
set status = excluded.status, retry_count = 0, error_message = null, not_before = null, lease_token = null,
    lease_expires_at = null
returning q.status = 'pending'
