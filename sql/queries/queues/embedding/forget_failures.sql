-- $1 jobs: their chunks start afresh
delete from frontdesk_internal.chunk_failures as f
using embedding_queue as q, page_embeddings as e
where q.id = any ($1) and e.page_id = q.page_id and f.chunk_id = e.id
