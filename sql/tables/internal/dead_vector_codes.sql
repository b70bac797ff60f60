-- Vectors that are gone and whose code may still be there: so that it is known when it pays to write a tenant's codes anew.
create table frontdesk_internal.dead_vector_codes (
    config_id uuid not null,
    chunk_id uuid not null
) with (
    -- Emptied again and again: vacuum by number, not by share.
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_analyze_scale_factor = 0,
    autovacuum_analyze_threshold = 100000
);

-- Counts the rows of one tenant.
create index dead_vector_codes_config_id_idx on frontdesk_internal.dead_vector_codes (config_id);

comment on table frontdesk_internal.dead_vector_codes is 'Vectors that are gone and may still have a code in vector_codes.';
comment on column frontdesk_internal.dead_vector_codes.config_id is 'The configuration searched (customer_configs.id). [none]';
comment on column frontdesk_internal.dead_vector_codes.chunk_id is 'The chunk (page_embeddings.id), which may have a new vector. [none]';
