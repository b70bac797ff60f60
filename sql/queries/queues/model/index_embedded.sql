create index idx_page_embeddings_page_id_delete on page_embeddings (page_id) where embedding is not null
