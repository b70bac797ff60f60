-- Crawls: asked for, running, done. At most one job of a kind is pending or running per domain.
create table scrape_jobs (
    id uuid not null default gen_random_uuid(),
    domain_id uuid,
    customer_config_id uuid,
    domain text not null,
    job_type text not null,
    status text default 'pending',
    queue_job_id text,
    started_at timestamptz,
    completed_at timestamptz,
    error_message text,
    metadata jsonb default '{}',
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    retry_count integer default 0,
    lease_token uuid,
    lease_expires_at timestamptz,
    not_before timestamptz,
    turn bigint,
    constraint scrape_jobs_pkey primary key (id),
    constraint scrape_jobs_queue_job_id_key unique (queue_job_id),
    constraint scrape_jobs_domain_id_fkey
        foreign key (domain_id) references domains (id) on delete cascade,
    constraint scrape_jobs_customer_config_id_fkey
        foreign key (customer_config_id) references customer_configs (id) on delete cascade,
    constraint job_status_is_known check (status in ('pending', 'running', 'completed', 'failed', 'cancelled')),
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

alter table scrape_jobs enable row level security;

-- Keeps one active job of a kind per domain; also finds the active jobs.
create unique index idx_scrape_jobs_domain_pending on scrape_jobs (domain, job_type)
    where status in ('pending', 'running');

-- Lists the jobs of a domain by name.
create index idx_scrape_jobs_domain on scrape_jobs (domain);

-- Lists the jobs of a domain by id; the cascade from domains.
create index idx_scrape_jobs_domain_id on scrape_jobs (domain_id);

-- Lists the jobs of a configuration; the cascade from customer_configs.
create index idx_scrape_jobs_customer_config_id on scrape_jobs (customer_config_id);

-- Lists the latest jobs.
create index idx_scrape_jobs_created_at on scrape_jobs (created_at desc);

-- Finds the last job of one domain in the line.
create index idx_scrape_jobs_turn on scrape_jobs (domain, turn) where turn is not null;

-- Claims jobs in the order of the line.
create index idx_scrape_jobs_claim on scrape_jobs (turn) where status = 'pending';

-- Finds jobs whose pause is over.
create index idx_scrape_jobs_pause on scrape_jobs (not_before) where not_before is not null;

-- Finds the jobs of a claim.
create index idx_scrape_jobs_token on scrape_jobs (lease_token) where lease_token is not null;

-- Finds claims whose worker did not come back.
create index idx_scrape_jobs_lease on scrape_jobs (lease_expires_at) where lease_expires_at is not null;

comment on table scrape_jobs is 'Crawl jobs and their outcome.';
comment on column scrape_jobs.id is 'Primary key. [none]';
comment on column scrape_jobs.domain_id is 'The domain to crawl (domains.id). [none]';
comment on column scrape_jobs.customer_config_id is
    'The configuration the crawl works for (customer_configs.id). [none]';
comment on column scrape_jobs.domain is 'Name of the domain to crawl. [none]';
comment on column scrape_jobs.job_type is 'Kind of crawl. [none]';
comment on column scrape_jobs.status is 'pending, running, completed, failed or cancelled. [none]';
comment on column scrape_jobs.queue_job_id is 'Id of the job in the queue of the crawler. [none]';
comment on column scrape_jobs.started_at is 'When the crawl started. [none]';
comment on column scrape_jobs.completed_at is 'When the crawl ended. [none]';
comment on column scrape_jobs.error_message is 'Why it failed. [content]';
comment on column scrape_jobs.metadata is 'Options and results of the crawl. [content]';
comment on column scrape_jobs.created_at is 'When the job was asked for. [none]';
comment on column scrape_jobs.updated_at is 'When the row last changed. [none]';
comment on column scrape_jobs.retry_count is 'Ours: how many attempts failed. [none]';
comment on column scrape_jobs.lease_token is
    'Ours: which claim works on the job; useless to anyone who may not complete jobs. [none]';
comment on column scrape_jobs.lease_expires_at is
    'Ours: when an unfinished claim is given up and the job is pending again. [none]';
comment on column scrape_jobs.not_before is
    'Ours: earliest time of the next attempt after a failure; null is at once. [none]';
comment on column scrape_jobs.turn is
    'Ours: place in the line of the jobs that may be claimed now; null while it is claimed, pauses or is over. [none]';
