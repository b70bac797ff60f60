-- People who asked for a demonstration. They belong to the operator, not to a tenant.
create table demo_attempts (
    id uuid not null default gen_random_uuid(),
    domain text not null,
    email text,
    company_name text,
    enrichment_status text default 'pending',
    enrichment_data jsonb default '{}',
    created_at timestamptz default now(),
    retry_count integer default 0,
    error_message text,
    lease_token uuid,
    lease_expires_at timestamptz,
    not_before timestamptz,
    turn bigint,
    constraint demo_attempts_pkey primary key (id),
    constraint enrichment_status_is_known check (enrichment_status in ('pending', 'enriched', 'failed')),
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

alter table demo_attempts enable row level security;

-- Addresses are looked up by equality, where the default estimate is good enough: they and what was found out
-- about people are not copied to pg_stats.
alter table demo_attempts
    alter column email set statistics 0,
    alter column enrichment_data set statistics 0;

-- Finds earlier requests for one domain.
create index idx_demo_attempts_domain on demo_attempts (domain);

-- Lists the latest requests.
create index idx_demo_attempts_created_at on demo_attempts (created_at desc);

-- Takes the requests that wait for enrichment.
create index idx_demo_attempts_enrichment_status on demo_attempts (enrichment_status)
    where enrichment_status = 'pending';

-- Finds the requests of one person, in any spelling, for export and erasure.
create index idx_demo_attempts_email on demo_attempts (lower(email));

-- An index over an expression has statistics of its own: these would hold the addresses too.
alter index idx_demo_attempts_email alter column 1 set statistics 0;

-- Finds the last request about one domain in the line.
create index idx_demo_attempts_turn on demo_attempts (domain, turn) where turn is not null;

-- Claims jobs in the order of the line.
create index idx_demo_attempts_claim on demo_attempts (turn) where enrichment_status = 'pending';

-- Finds jobs whose pause is over.
create index idx_demo_attempts_pause on demo_attempts (not_before) where not_before is not null;

-- Finds the jobs of a claim.
create index idx_demo_attempts_token on demo_attempts (lease_token) where lease_token is not null;

-- Finds claims whose worker did not come back.
create index idx_demo_attempts_lease on demo_attempts (lease_expires_at) where lease_expires_at is not null;

comment on table demo_attempts is 'Requests for a demonstration, and what was found out about them.';
comment on column demo_attempts.id is 'Primary key. [none]';
comment on column demo_attempts.domain is 'Name of the domain the demonstration is about. [none]';
comment on column demo_attempts.email is 'Who asked. [identifier]';
comment on column demo_attempts.company_name is 'The company. [content]';
comment on column demo_attempts.enrichment_status is 'pending, enriched or failed. [none]';
comment on column demo_attempts.enrichment_data is 'What was found out about company and person. [content]';
comment on column demo_attempts.created_at is 'When it was asked for. [none]';
comment on column demo_attempts.retry_count is 'Ours: how many attempts failed. [none]';
comment on column demo_attempts.lease_token is
    'Ours: which claim works on the job; useless to anyone who may not complete jobs. [none]';
comment on column demo_attempts.lease_expires_at is
    'Ours: when an unfinished claim is given up and the job is pending again. [none]';
comment on column demo_attempts.not_before is
    'Ours: earliest time of the next attempt after a failure; null is at once. [none]';
comment on column demo_attempts.turn is
    'Ours: place in the line of the jobs that may be claimed now; null while it is claimed, pauses or is over. [none]';
comment on column demo_attempts.error_message is 'Ours: what the last failed attempt said. [content]';
