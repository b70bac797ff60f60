create index page_embeddings_embedding_hnsw_idx on page_embeddings
    using hnsw (embedding vector_cosine_ops) with (m = 16, ef_construction = 64)
