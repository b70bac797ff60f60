-- Finished answers. One row per question and configuration; a new answer replaces the old one.
create table query_cache (
    id uuid not null default gen_random_uuid(),
    domain_id uuid not null,
    query_hash text not null,
    results jsonb not null,
    expires_at timestamptz not null,
    created_at timestamptz default now(),
    constraint query_cache_pkey primary key (id),
    constraint query_cache_domain_id_fkey
        foreign key (domain_id) references customer_configs (id) on delete cascade
) with (
    -- Entries come and go all day: vacuum after a small fixed share of them instead of a fifth of the table.
    autovacuum_vacuum_scale_factor = 0.05,
    autovacuum_analyze_scale_factor = 0.05
);

alter table query_cache enable row level security;

-- Questions are looked up by their key and answers never compared: neither is copied to pg_stats.
alter table query_cache
    alter column query_hash set statistics 0,
    alter column results set statistics 0;

-- Finds the answer to a question, and keeps one of each; the cascade from customer_configs.
create unique index idx_query_cache_lookup on query_cache (domain_id, query_hash);

-- Finds what has expired, to delete it.
create index idx_query_cache_expires on query_cache (expires_at);

comment on table query_cache is 'Cache of finished answers.';
comment on column query_cache.id is 'Primary key. [none]';
comment on column query_cache.domain_id is 'The configuration (customer_configs.id). [none]';
comment on column query_cache.query_hash is 'Fingerprint of the question. [content]';
comment on column query_cache.results is 'The answer. [content]';
comment on column query_cache.expires_at is 'From when on it is not used. [none]';
comment on column query_cache.created_at is 'When it was cached. [none]';
