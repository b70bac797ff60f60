select exists (select from page_embeddings as e where e.embedding_next is not null)
