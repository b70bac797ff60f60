-- Pages whose chunks need embeddings. One row per page; workers claim rows under a lease, so a worker that dies
-- loses nothing but time.
create table embedding_queue (
    id uuid not null default gen_random_uuid(),
    page_id uuid not null,
    status text default 'pending',
    retry_count integer default 0,
    error_message text,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    domain_id uuid,
    lease_token uuid,
    lease_expires_at timestamptz,
    not_before timestamptz,
    turn bigint,
    leased_chunks uuid[],
    constraint embedding_queue_pkey primary key (id),
    constraint embedding_queue_page_id_key unique (page_id),
    constraint embedding_queue_page_id_fkey
        foreign key (page_id) references scraped_pages (id) on delete cascade,
    constraint queue_status_is_known check (status in ('pending', 'processing', 'completed', 'failed')),
    constraint retry_count_is_not_negative check (retry_count >= 0),
    constraint lease_has_an_end check ((lease_token is null) = (lease_expires_at is null))
) with (
    -- A queue row changes state twice and state is indexed, so its updates are never heap-only: vacuum by a
    -- small fixed share instead of a fifth of the table, keep the planner's idea of the state counts fresh,
    -- leave room on the page.
    fillfactor = 85,
    autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_threshold = 500,
    autovacuum_analyze_scale_factor = 0.02,
    autovacuum_analyze_threshold = 500
);

alter table embedding_queue enable row level security;

-- Lists jobs of one state, oldest first; counts jobs by state.
create index idx_embedding_queue_status on embedding_queue (status, created_at);

-- Lists and counts the jobs of one domain for its members; finds the last of them in the line.
create index idx_embedding_queue_domain_id on embedding_queue (domain_id, turn);

-- Claims jobs in the order of the line.
create index idx_embedding_queue_claim on embedding_queue (turn) where status = 'pending';

-- Finds jobs whose pause is over.
create index idx_embedding_queue_pause on embedding_queue (not_before) where not_before is not null;

-- Finds the jobs of a claim.
create index idx_embedding_queue_token on embedding_queue (lease_token) where lease_token is not null;

-- Finds claims whose worker did not come back.
create index idx_embedding_queue_lease on embedding_queue (lease_expires_at) where lease_expires_at is not null;

comment on table embedding_queue is 'Queue of pages that wait for embeddings, one row per page.';
comment on column embedding_queue.id is 'Primary key. [none]';
comment on column embedding_queue.page_id is 'The page (scraped_pages.id). [none]';
comment on column embedding_queue.status is 'pending, processing, completed or failed. [none]';
comment on column embedding_queue.retry_count is
    'How many attempts failed: of the chunk that failed most often. [none]';
comment on column embedding_queue.error_message is 'What the last failed attempt said. [content]';
comment on column embedding_queue.created_at is 'When the page was queued. [none]';
comment on column embedding_queue.updated_at is 'When the row last changed. [none]';
comment on column embedding_queue.domain_id is
    'Ours: the domain of the page (domains.id), filled by trigger; policies read it. [none]';
comment on column embedding_queue.lease_token is
    'Ours: which claim works on the job; useless to anyone who may not complete jobs. [none]';
comment on column embedding_queue.lease_expires_at is
    'Ours: when an unfinished claim is given up and the job is pending again. [none]';
comment on column embedding_queue.not_before is
    'Ours: earliest time of the next attempt after a failure; null is at once. [none]';
comment on column embedding_queue.turn is
    'Ours: place in the line of the jobs that may be claimed now; null while it is claimed, pauses or is over. [none]';
comment on column embedding_queue.leased_chunks is
    'Ours: the chunks that the claim was given (page_embeddings.id). [none]';
