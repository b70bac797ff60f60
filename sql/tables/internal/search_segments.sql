-- The words of a tenant's chunks, inverted. A segment holds some of its chunks and is never changed, but for which of them
-- are gone; segments are merged into larger ones. What changed since is in search_changes. Both are written in the
-- transaction of whoever changes a chunk, so every snapshot sees an index that fits its chunks. See
-- docs/decisions/14-words-are-ranked-by-bm25.md.
create table frontdesk_internal.search_segments (
    segment bigint generated always as identity,
    domain_id uuid not null,
    documents integer not null,
    living integer not null,
    living_lengths bigint[] not null,
    dead bytea not null,
    lengths bytea not null,
    ids bytea not null,
    constraint search_segments_pkey primary key (domain_id, segment)
);

-- They are packed already.
alter table frontdesk_internal.search_segments
    alter column dead set storage external,
    alter column lengths set storage external,
    alter column ids set storage external;

comment on table frontdesk_internal.search_segments is 'Parts of the inverted index of a tenant''s chunks.';
comment on column frontdesk_internal.search_segments.segment is 'Primary key, with domain_id. [none]';
comment on column frontdesk_internal.search_segments.domain_id is 'The configuration searched (customer_configs.id). [none]';
comment on column frontdesk_internal.search_segments.documents is 'How many chunks the segment has, numbered from 0. [none]';
comment on column frontdesk_internal.search_segments.living is 'How many of them are still there. [none]';
comment on column frontdesk_internal.search_segments.living_lengths is
    'How many words those have together, by weight from A to D. [none]';
comment on column frontdesk_internal.search_segments.dead is 'A bit for every chunk, set when it is gone. [none]';
comment on column frontdesk_internal.search_segments.lengths is
    'For every chunk how many words it has, by weight from A to D, two bytes each, little-endian. [none]';
comment on column frontdesk_internal.search_segments.ids is 'The ids of the chunks, 16 bytes each. [none]';
