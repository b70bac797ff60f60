-- One row per chat request: time, tokens, cost, searches and outcome. Tenancy is by domain name. The three rollup
-- tables sum these rows up.
create table chat_telemetry (
    id uuid not null default gen_random_uuid(),
    session_id text not null,
    conversation_id uuid,
    model text not null,
    start_time timestamptz not null,
    end_time timestamptz,
    duration_ms integer,
    iterations integer default 0,
    max_iterations integer default 3,
    search_count integer default 0,
    total_results integer default 0,
    searches jsonb default '[]',
    tokens_used integer,
    input_tokens integer default 0,
    output_tokens integer default 0,
    total_tokens integer,
    cost_usd numeric default 0.00,
    success boolean default false,
    error text,
    final_response_length integer,
    logs jsonb default '[]',
    domain text,
    user_agent text,
    ip_address text,
    model_config jsonb,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    constraint chat_telemetry_pkey primary key (id),
    constraint chat_telemetry_conversation_id_fkey
        foreign key (conversation_id) references conversations (id) on delete cascade,
    -- Not a number or infinity would make every sum above it the same.
    constraint cost_is_a_finite_amount check (cost_usd > '-infinity' and cost_usd < 'infinity')
);

alter table chat_telemetry enable row level security;

-- Sessions are looked up by equality and the other columns are never compared as a whole, where default estimates
-- are good enough: who asked, and what, is not copied to pg_stats.
alter table chat_telemetry
    alter column session_id set statistics 0,
    alter column searches set statistics 0,
    alter column error set statistics 0,
    alter column logs set statistics 0,
    alter column user_agent set statistics 0,
    alter column ip_address set statistics 0;

-- Finds the requests of one session, for support and erasure.
create index idx_chat_telemetry_session_id on chat_telemetry (session_id);

-- Lists the requests of one conversation; the cascade from conversations.
create index idx_chat_telemetry_conversation_id on chat_telemetry (conversation_id);

-- Counts the requests of one domain.
create index idx_chat_telemetry_domain on chat_telemetry (domain);

-- Lists the latest requests of one domain; recomputes one of its rollup buckets.
create index idx_chat_telemetry_domain_created on chat_telemetry (domain, created_at desc);

-- Lists the latest requests of all domains; recomputes one global rollup bucket.
create index idx_chat_telemetry_created_at on chat_telemetry (created_at desc);

-- Finds the slowest requests.
create index idx_chat_telemetry_duration on chat_telemetry (duration_ms);

-- Finds requests that searched often, or never.
create index idx_chat_telemetry_search_count on chat_telemetry (search_count);

-- Finds the failed requests.
create index idx_chat_telemetry_success on chat_telemetry (success);

-- Finds the slowest of the failed or of the answered requests.
create index idx_chat_telemetry_success_duration on chat_telemetry (success, duration_ms);

-- Finds requests by what was searched (searches @> ...).
create index idx_chat_telemetry_searches_gin on chat_telemetry using gin (searches);

-- Finds requests by what was logged (logs @> ...).
create index idx_chat_telemetry_logs_gin on chat_telemetry using gin (logs);

-- Sums the cost of one domain over a period from the index alone.
create index idx_chat_telemetry_domain_cost on chat_telemetry (domain, created_at, cost_usd);

-- Finds the most expensive requests.
create index idx_chat_telemetry_cost on chat_telemetry (cost_usd) where cost_usd is not null;

comment on table chat_telemetry is 'Performance, cost and search behavior of every chat request.';
comment on column chat_telemetry.id is 'Primary key. [none]';
comment on column chat_telemetry.session_id is 'The browser session of the visitor. [identifier]';
comment on column chat_telemetry.conversation_id is
    'The conversation (conversations.id); what was said is found through it. [quasi-identifier]';
comment on column chat_telemetry.model is 'Name of the language model. [none]';
comment on column chat_telemetry.start_time is 'When the request began. [quasi-identifier]';
comment on column chat_telemetry.end_time is 'When the answer was complete. [quasi-identifier]';
comment on column chat_telemetry.duration_ms is 'How long it took, in milliseconds. [none]';
comment on column chat_telemetry.iterations is 'Rounds of searching and thinking. [none]';
comment on column chat_telemetry.max_iterations is 'How many rounds were allowed. [none]';
comment on column chat_telemetry.search_count is 'How many searches ran. [none]';
comment on column chat_telemetry.total_results is 'How many results they gave. [none]';
comment on column chat_telemetry.searches is 'The searches: words, results, times. [content]';
comment on column chat_telemetry.tokens_used is 'Tokens in all, as older applications write it. [none]';
comment on column chat_telemetry.input_tokens is 'Tokens of the prompt. [none]';
comment on column chat_telemetry.output_tokens is 'Tokens of the answer. [none]';
comment on column chat_telemetry.total_tokens is 'Tokens in all. [none]';
comment on column chat_telemetry.cost_usd is 'Cost in US dollars. [none]';
comment on column chat_telemetry.success is 'Whether an answer was given. [none]';
comment on column chat_telemetry.error is 'Why not. [content]';
comment on column chat_telemetry.final_response_length is 'Length of the answer in characters. [none]';
comment on column chat_telemetry.logs is 'Log lines of the request. [content]';
comment on column chat_telemetry.domain is 'Name of the domain. [none]';
comment on column chat_telemetry.user_agent is 'Browser of the visitor. [quasi-identifier]';
comment on column chat_telemetry.ip_address is 'Address of the visitor. [quasi-identifier]';
comment on column chat_telemetry.model_config is 'Settings of the model. [content]';
comment on column chat_telemetry.created_at is
    'When the row was written; rollups count the request at this time. [none]';
comment on column chat_telemetry.updated_at is 'When the row last changed. [none]';
