-- The vectors of page_embeddings in one bit a dimension (src/rabitq), in rows that fill a page: a scan of a tenant's codes tells
-- which few vectors can be among the nearest to a question, and only those are compared. Codes of vectors that are gone stay
-- for a while: they name chunks that have no vector, or another one. See docs/decisions/16-vectors-are-found-by-codes.md.
create table frontdesk_internal.vector_codes (
    config_id uuid not null,
    number bigint generated always as identity,
    vectors integer not null,
    codes bytea not null,
    constraint vector_codes_pkey primary key (config_id, number)
);

-- In the row: a page holds one.
alter table frontdesk_internal.vector_codes alter column codes set storage plain;
-- Never compared.
alter table frontdesk_internal.vector_codes alter column codes set statistics 0;

comment on table frontdesk_internal.vector_codes is 'Codes of the vectors in chunk_vectors, as many in a row as fit a page.';
comment on column frontdesk_internal.vector_codes.config_id is 'The configuration searched (customer_configs.id). [none]';
comment on column frontdesk_internal.vector_codes.number is
    'Primary key, with config_id. The higher the newer: of two codes of a chunk the last counts. [none]';
comment on column frontdesk_internal.vector_codes.vectors is 'How many vectors. [none]';
comment on column frontdesk_internal.vector_codes.codes is
    'For each the id of its chunk (16 bytes) and its code, one after the other. [content]';
