-- $1 token of the lease, $2 at most this many: the chunks to embed. Leased pages that miss none are completed. The status
-- is named so that the index of leases finds them.
with leased as materialized (
    select q.id, q.page_id, q.not_before, q.created_at
    from embedding_queue as q
    where q.status = 'processing' and q.lease_token = $1
),
finished as (
    update embedding_queue as q
    set status = 'completed', retry_count = 0, lease_token = null, lease_expires_at = null
    from leased as l
    where q.id = l.id
        and not exists (select from page_embeddings as e where e.page_id = l.page_id and e.embedding is null)
),
-- Texts are put together only of what is given out: a page may have thousands of chunks.
chunks as materialized (
    select e.id, e.page_id, e.content_hash, e.heading_path, e.chunk_text
    from leased as l
    join page_embeddings as e on e.page_id = l.page_id and e.embedding is null
    order by l.not_before nulls first, l.created_at, l.id, e.metadata -> 'chunk_index', e.id
    limit $2
)
select c.id, c.page_id, t.content, coalesce(c.content_hash, frontdesk.text_hash(t.content))
from chunks as c
cross join lateral (select frontdesk.embedded_text(c.heading_path, c.chunk_text) as content offset 0) as t
