-- How many vectors each configuration has, as a sum of changes: whoever writes vectors adds a row and waits for nobody. Now and
-- then a writer folds the rows of its configuration into one.
create table frontdesk_internal.vector_counts (
    config_id uuid not null,
    vectors bigint not null
);

-- Reads the rows of one tenant.
create index vector_counts_config_id_idx on frontdesk_internal.vector_counts (config_id) include (vectors);

comment on table frontdesk_internal.vector_counts is
    'Number of rows of a configuration in chunk_vectors: the sum of these rows.';
comment on column frontdesk_internal.vector_counts.config_id is 'The configuration (customer_configs.id). [none]';
comment on column frontdesk_internal.vector_counts.vectors is 'How many were added, less those removed. [none]';
