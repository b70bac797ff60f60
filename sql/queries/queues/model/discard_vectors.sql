update page_embeddings as e set embedding = null, embedding_model = null where e.embedding is not null
