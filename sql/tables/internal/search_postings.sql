-- Lexemes of a segment with the chunks that they stand in, in blocks (src/bm25/segment.rs, src/bm25/postings.rs).
create table frontdesk_internal.search_postings (
    segment bigint not null,
    first_lexeme bytea not null,
    block bytea not null,
    constraint search_postings_pkey primary key (segment, first_lexeme)
);

-- They are packed already.
alter table frontdesk_internal.search_postings alter column block set storage external;

comment on table frontdesk_internal.search_postings is 'Postings of the inverted index of chunks.';
comment on column frontdesk_internal.search_postings.segment is
    'The segment (frontdesk_internal.search_segments.segment). [none]';
comment on column frontdesk_internal.search_postings.first_lexeme is 'The first lexeme of the block. [content]';
comment on column frontdesk_internal.search_postings.block is
    'Lexemes in the order of their bytes, each with its postings. [content]';
