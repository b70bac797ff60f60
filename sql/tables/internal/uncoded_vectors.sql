-- Vectors that have no code yet: every search compares them. Writers only append; whoever makes codes takes what it sees.
create table frontdesk_internal.uncoded_vectors (
    config_id uuid not null,
    chunk_id uuid not null
) with (
    -- Emptied again and again: vacuum by number, not by share.
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_analyze_scale_factor = 0,
    autovacuum_analyze_threshold = 100000
);

-- Reads the rows of one tenant.
create index uncoded_vectors_config_id_idx on frontdesk_internal.uncoded_vectors (config_id) include (chunk_id);

comment on table frontdesk_internal.uncoded_vectors is 'Chunks whose vector in chunk_vectors has no code in vector_codes yet.';
comment on column frontdesk_internal.uncoded_vectors.config_id is 'The configuration searched (customer_configs.id). [none]';
comment on column frontdesk_internal.uncoded_vectors.chunk_id is 'The chunk (page_embeddings.id), which may be gone. [none]';
