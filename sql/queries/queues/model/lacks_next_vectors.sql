select exists (select from page_embeddings as e where e.embedding is not null and e.embedding_next is null)
