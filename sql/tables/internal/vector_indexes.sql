-- Tenants so large that their vectors have an index of their own.
create table frontdesk_internal.vector_indexes (
    config_id uuid not null,
    number integer generated always as identity,
    constraint vector_indexes_pkey primary key (config_id),
    constraint vector_indexes_number_key unique (number)
);

comment on table frontdesk_internal.vector_indexes is 'Configurations whose vectors have an HNSW index of their own.';
comment on column frontdesk_internal.vector_indexes.config_id is 'The configuration (customer_configs.id). [none]';
comment on column frontdesk_internal.vector_indexes.number is
    'Number in the name of the index, which names no tenant. [none]';
