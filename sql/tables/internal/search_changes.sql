-- Chunks that have changed since the segments of their tenant were written. Writers only append, so that none waits for
-- another; whoever folds takes what it sees, and a change that is committed meanwhile stays for the next.
create table frontdesk_internal.search_changes (
    domain_id uuid not null,
    chunk_id uuid not null,
    id bigint generated always as identity,
    replaced tsvector,
    constraint search_changes_pkey primary key (domain_id, chunk_id, id)
) with (
    -- Every fold empties it: vacuum by number, not by share.
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_analyze_scale_factor = 0,
    autovacuum_analyze_threshold = 100000
);

comment on table frontdesk_internal.search_changes is
    'Chunks that are to be read from page_embeddings instead of the segments of the index.';
comment on column frontdesk_internal.search_changes.domain_id is 'The configuration searched (customer_configs.id). [none]';
comment on column frontdesk_internal.search_changes.chunk_id is 'The chunk (page_embeddings.id), which may be gone. [none]';
comment on column frontdesk_internal.search_changes.id is
    'The order of changes of one chunk; primary key with the other two. [none]';
comment on column frontdesk_internal.search_changes.replaced is
    'The lexemes of the chunk before the change; null where it was not there. [content]';
