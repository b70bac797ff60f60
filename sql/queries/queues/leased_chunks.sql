-- $1 token of the lease, $2 at most this many: the chunks to embed. Leased pages that miss none are completed.
with chunks as materialized (
    select e.id, e.page_id, frontdesk.embedded_text(e.heading_path, e.chunk_text) as content, e.content_hash
    from embedding_queue as q
    join page_embeddings as e on e.page_id = q.page_id and e.embedding is null
    where q.lease_token = $1
    order by q.not_before nulls first, q.created_at, q.id, e.created_at, e.id
),
finished as (
    update embedding_queue as q
    set status = 'completed', lease_token = null, lease_expires_at = null
    where q.lease_token = $1 and not exists (select from chunks as c where c.page_id = q.page_id)
)
select c.id, c.page_id, c.content, c.content_hash, $1::uuid
from chunks as c
limit $2
