create index idx_page_embeddings_waiting on page_embeddings (page_id) where embedding is null
