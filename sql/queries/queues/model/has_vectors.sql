select exists (select from page_embeddings as e where e.embedding is not null)
