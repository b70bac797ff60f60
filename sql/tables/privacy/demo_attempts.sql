-- People who asked for a demonstration. They belong to the operator, not to a tenant.
create table demo_attempts (
    id uuid not null default gen_random_uuid(),
    domain text not null,
    email text,
    company_name text,
    enrichment_status text default 'pending',
    enrichment_data jsonb default '{}',
    created_at timestamptz default now(),
    constraint demo_attempts_pkey primary key (id),
    constraint enrichment_status_is_known check (enrichment_status in ('pending', 'enriched', 'failed'))
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

comment on table demo_attempts is 'Requests for a demonstration, and what was found out about them.';
comment on column demo_attempts.id is 'Primary key. [none]';
comment on column demo_attempts.domain is 'Name of the domain the demonstration is about. [none]';
comment on column demo_attempts.email is 'Who asked. [identifier]';
comment on column demo_attempts.company_name is 'The company. [content]';
comment on column demo_attempts.enrichment_status is 'pending, enriched or failed. [none]';
comment on column demo_attempts.enrichment_data is 'What was found out about company and person. [content]';
comment on column demo_attempts.created_at is 'When it was asked for. [none]';
