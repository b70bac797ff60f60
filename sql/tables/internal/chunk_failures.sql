-- Chunks whose embedding failed: attempts, pause and error are the chunk's, so that one bad chunk holds up nothing else.
-- A row counts for the text it was made for; a chunk with a new text starts afresh.
create table frontdesk_internal.chunk_failures (
    chunk_id uuid primary key references page_embeddings (id) on delete cascade,
    content_hash text,
    attempts integer not null,
    error text not null,
    not_before timestamptz,
    is_dead boolean not null,
    failed_at timestamptz not null default statement_timestamp()
);

comment on table frontdesk_internal.chunk_failures is 'Chunks whose embedding failed, until it succeeds.';
comment on column frontdesk_internal.chunk_failures.chunk_id is 'The chunk (page_embeddings.id). [none]';
comment on column frontdesk_internal.chunk_failures.content_hash is 'Hash of the text that failed. [none]';
comment on column frontdesk_internal.chunk_failures.attempts is 'How many attempts failed. [none]';
comment on column frontdesk_internal.chunk_failures.error is 'What the last one said. [content]';
comment on column frontdesk_internal.chunk_failures.not_before is 'Earliest time of the next attempt; null is at once. [none]';
comment on column frontdesk_internal.chunk_failures.is_dead is 'Whether there is no next attempt. [none]';
comment on column frontdesk_internal.chunk_failures.failed_at is 'When the last attempt failed. [none]';
