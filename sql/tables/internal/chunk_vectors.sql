-- The directions of the vectors of page_embeddings, dense and beside each other: an exact search reads two rows a page of
-- 8 kB, where the vectors themselves lie in TOAST, each in five pieces behind an index (13 microseconds a chunk; a dense row should cost a tenth).
-- A copy, kept by triggers; a chunk whose vector has no direction, or that belongs to no configuration, is not in it.
create table frontdesk_internal.chunk_vectors (
    chunk_id uuid not null,
    config_id uuid not null,
    direction halfvec not null,
    constraint chunk_vectors_pkey primary key (chunk_id)
);

-- In the row, uncompressed: 2,000 dimensions still fit twice into a page.
alter table frontdesk_internal.chunk_vectors alter column direction set storage plain;
-- Never compared with anything but a question.
alter table frontdesk_internal.chunk_vectors alter column direction set statistics 0;

-- Reads the vectors of one tenant.
create index chunk_vectors_config_id_idx on frontdesk_internal.chunk_vectors (config_id);

comment on table frontdesk_internal.chunk_vectors is
    'Copy of the vectors of chunks for exact search: of length one, in half precision, not in TOAST.';
comment on column frontdesk_internal.chunk_vectors.chunk_id is 'The chunk (page_embeddings.id). [none]';
comment on column frontdesk_internal.chunk_vectors.config_id is 'The configuration searched (customer_configs.id). [none]';
comment on column frontdesk_internal.chunk_vectors.direction is
    'The embedding, scaled to length one. [content]';
