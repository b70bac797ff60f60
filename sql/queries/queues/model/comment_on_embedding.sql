comment on column page_embeddings.embedding is
    'The vector of the chunk; null until the worker delivers it. [content]'
