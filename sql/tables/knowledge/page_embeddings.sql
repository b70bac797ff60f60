-- Chunks of pages with their vectors: what semantic and full-text search read. A chunk without an embedding waits
-- for the worker. domain_id points at customer_configs, unlike the page's own domain_id; its key is checked at
-- commit, so that an organization can be deleted in one statement.
create table page_embeddings (
    id uuid not null default gen_random_uuid(),
    page_id uuid not null,
    domain_id uuid,
    chunk_text text not null,
    embedding vector(1536),
    metadata jsonb default '{}',
    created_at timestamptz default now(),
    search_vector tsvector,
    heading_path text[],
    content_hash text,
    embedding_model text,
    constraint page_embeddings_pkey primary key (id),
    constraint page_embeddings_page_id_fkey
        foreign key (page_id) references scraped_pages (id) on delete cascade,
    constraint page_embeddings_domain_id_fkey
        foreign key (domain_id) references customer_configs (id) on delete no action
        deferrable initially deferred
);

alter table page_embeddings enable row level security;

-- Finds the chunks nearest to a question by cosine distance (order by embedding <=> $1).
create index page_embeddings_embedding_hnsw_idx on page_embeddings
    using hnsw (embedding vector_cosine_ops) with (m = 16, ef_construction = 64);

-- Lists the chunks of one page; the cascade from scraped_pages.
create index idx_page_embeddings_page_id on page_embeddings (page_id);

-- Reads all chunks of one small tenant for an exact vector search; the key check from customer_configs.
create index idx_page_embeddings_domain_id on page_embeddings (domain_id);

-- Lists the newest chunks of one page within one configuration.
create index idx_page_embeddings_lookup on page_embeddings (page_id, domain_id, created_at desc);

-- Walks the chunk ids of one page in batches from the index alone.
create index idx_page_embeddings_page_id_composite on page_embeddings (page_id, id);

-- Tells when a page was last chunked.
create index idx_page_embeddings_page_created on page_embeddings (page_id, created_at desc);

-- Searches chunks in English without the stored vector, across what the caller may see.
create index idx_page_embeddings_fulltext on page_embeddings
    using gin (to_tsvector('english', left(coalesce(chunk_text, ''), 100000)));

-- Finds chunks by what their metadata contains (metadata @> ...).
create index idx_page_embeddings_metadata_gin on page_embeddings using gin (metadata);

-- Filters chunks by content type.
create index idx_page_embeddings_content_type on page_embeddings (left(metadata->>'content_type', 500));

-- Finds chunks indexed before or after a time (ISO 8601 text sorts by time).
create index idx_page_embeddings_indexed_at on page_embeddings (left(metadata->>'indexed_at', 500));

-- Finds chunks too large for the embedding model.
create index idx_page_embeddings_oversized on page_embeddings (page_id)
    where metadata->>'oversized' = 'true';

-- Finds one chunk of a page by its number, and so its neighbours.
create index idx_page_embeddings_page_chunk on page_embeddings (page_id, left(metadata->>'chunk_index', 500));

-- Finds chunks without a configuration, to attach them when it exists again.
create index idx_page_embeddings_null_domain on page_embeddings (page_id) where domain_id is null;

-- Tells which pages are embedded, and finds the embedded chunks to delete with a page.
create index idx_page_embeddings_page_id_delete on page_embeddings (page_id) where embedding is not null;

-- Finds the chunks of a page that wait for a vector.
create index idx_page_embeddings_waiting on page_embeddings (page_id) where embedding is null;

-- Checks from the index alone which configuration a chunk belongs to before it is updated.
create index idx_page_embeddings_id_for_updates on page_embeddings (id) include (domain_id);

-- Lists the newest chunks.
create index idx_page_embeddings_created_at on page_embeddings (created_at desc);

comment on table page_embeddings is 'Chunks of pages with their embeddings.';
comment on column page_embeddings.id is 'Primary key. [none]';
comment on column page_embeddings.page_id is 'The page (scraped_pages.id). [none]';
comment on column page_embeddings.domain_id is
    'The configuration searched (customer_configs.id); null while that configuration does not exist. [none]';
comment on column page_embeddings.chunk_text is 'Text of the chunk. [content]';
comment on column page_embeddings.embedding is
    'The vector of the chunk; null until the worker delivers it. [content]';
comment on column page_embeddings.metadata is
    'chunk_index, total_chunks, indexed_at, oversized, content_type and so on. [content]';
comment on column page_embeddings.created_at is 'When the chunk was written. [none]';
comment on column page_embeddings.search_vector is
    'Ours: lexemes of the page''s title, heading path and chunk, filled by trigger in the language of the site. [content]';
comment on column page_embeddings.heading_path is 'Ours: headings above the chunk, outermost first. [content]';
comment on column page_embeddings.content_hash is
    'Ours: SHA-256 in hex of the text that is embedded: heading path and chunk. [none]';
comment on column page_embeddings.embedding_model is 'Ours: name of the model that made the embedding; while models change, of the newer one. [none]';
