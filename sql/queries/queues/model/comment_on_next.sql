comment on column page_embeddings.embedding_next is
    'Ours: the vector of the chunk by the next model, while it takes the place of another. [content]'
