-- Search results by kind of search. Changed content makes entries invalid; expiry and disuse remove them.
create table search_cache (
    id uuid not null default gen_random_uuid(),
    query_hash text not null,
    domain_id uuid not null,
    search_type text not null,
    results jsonb not null,
    expires_at timestamptz not null,
    is_valid boolean default true,
    last_accessed_at timestamptz default now(),
    created_at timestamptz default now(),
    constraint search_cache_pkey primary key (id),
    constraint search_cache_query_hash_domain_id_search_type_key unique (query_hash, domain_id, search_type)
) with (
    -- Entries come and go all day: vacuum after a small fixed share of them instead of a fifth of the table.
    -- Each use updates last_accessed_at.
    fillfactor = 85,
    autovacuum_vacuum_scale_factor = 0.05,
    autovacuum_analyze_scale_factor = 0.05
);

alter table search_cache enable row level security;

-- Queries are looked up by their key and results never compared: neither is copied to pg_stats.
alter table search_cache
    alter column query_hash set statistics 0,
    alter column results set statistics 0;

-- Invalidates the entries of one domain when its content changes.
create index idx_search_cache_domain on search_cache (domain_id);

-- Finds one query in every domain and kind of search.
create index idx_search_cache_hash on search_cache (query_hash);

-- Finds the valid entries that have expired, to delete them.
create index idx_search_cache_expires on search_cache (expires_at) where is_valid;

-- Finds the entries unused for longest, to delete them when there are too many.
create index idx_search_cache_accessed on search_cache (last_accessed_at);

comment on table search_cache is 'Cache of search results.';
comment on column search_cache.id is 'Primary key. [none]';
comment on column search_cache.query_hash is 'Fingerprint of the query. [content]';
comment on column search_cache.domain_id is 'The domain searched (domains.id; no foreign key). [none]';
comment on column search_cache.search_type is 'Kind of search. [none]';
comment on column search_cache.results is 'The results. [content]';
comment on column search_cache.expires_at is 'From when on they are not used. [none]';
comment on column search_cache.is_valid is 'Whether the content searched is still the same. [none]';
comment on column search_cache.last_accessed_at is 'When they were last used. [none]';
comment on column search_cache.created_at is 'When they were cached. [none]';
