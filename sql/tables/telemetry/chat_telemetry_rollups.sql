-- Totals of the whole platform. They belong to no tenant.
create table chat_telemetry_rollups (
    bucket_start timestamptz not null,
    bucket_end timestamptz not null,
    granularity text not null,
    total_requests integer not null default 0,
    success_count integer not null default 0,
    failure_count integer not null default 0,
    total_input_tokens bigint not null default 0,
    total_output_tokens bigint not null default 0,
    total_cost_usd numeric not null default 0,
    avg_duration_ms integer,
    avg_searches numeric,
    avg_iterations numeric,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint chat_telemetry_rollups_pkey primary key (granularity, bucket_start),
    constraint granularity_is_known check (granularity in ('hour', 'day', 'week', 'month')),
    -- The case keeps date_trunc from raising on an unknown unit before granularity_is_known can answer.
    constraint bucket_starts_on_its_utc_boundary check (
        case when granularity in ('hour', 'day', 'week', 'month')
            then bucket_start at time zone 'UTC' = date_trunc(granularity, bucket_start at time zone 'UTC')
            else true
        end),
    constraint bucket_ends_after_it_starts check (bucket_end > bucket_start)
) with (
    -- A refresh rewrites sums that no index holds, the newest bucket most often: room on the page keeps those
    -- updates heap-only.
    fillfactor = 80
);

alter table chat_telemetry_rollups enable row level security;

comment on table chat_telemetry_rollups is 'Sums of chat_telemetry over all domains, per hour, day, week and month.';
comment on column chat_telemetry_rollups.bucket_start is 'Start of the bucket, on its boundary in UTC. [none]';
comment on column chat_telemetry_rollups.bucket_end is 'Start of the next bucket. [none]';
comment on column chat_telemetry_rollups.granularity is 'hour, day, week (from Monday) or month. [none]';
comment on column chat_telemetry_rollups.total_requests is 'Requests in the bucket. [none]';
comment on column chat_telemetry_rollups.success_count is 'Requests that were answered. [none]';
comment on column chat_telemetry_rollups.failure_count is 'Requests that were not. [none]';
comment on column chat_telemetry_rollups.total_input_tokens is 'Tokens of the prompts. [none]';
comment on column chat_telemetry_rollups.total_output_tokens is 'Tokens of the answers. [none]';
comment on column chat_telemetry_rollups.total_cost_usd is 'Cost in US dollars. [none]';
comment on column chat_telemetry_rollups.avg_duration_ms is
    'Mean duration in milliseconds of the requests that have one. [none]';
comment on column chat_telemetry_rollups.avg_searches is 'Mean number of searches of a request. [none]';
comment on column chat_telemetry_rollups.avg_iterations is 'Mean number of rounds of a request. [none]';
comment on column chat_telemetry_rollups.created_at is 'When the bucket was first written. [none]';
comment on column chat_telemetry_rollups.updated_at is 'When it was last recomputed. [none]';
