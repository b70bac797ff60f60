-- One visitor talking to one site. A session may have several conversations; the newest one is the running one.
create table conversations (
    id uuid not null default gen_random_uuid(),
    customer_id uuid,
    domain_id uuid not null,
    session_id text,
    started_at timestamptz default now(),
    ended_at timestamptz,
    metadata jsonb default '{}',
    created_at timestamptz default now(),
    constraint conversations_pkey primary key (id),
    constraint conversations_domain_id_fkey
        foreign key (domain_id) references domains (id) on delete cascade
) with (
    -- Ending a conversation and updating its metadata touch no index: room on the page keeps those updates heap-
    -- only.
    fillfactor = 90
);

alter table conversations enable row level security;

-- Sessions and customers are looked up by equality, where the default estimate is good enough, and nobody filters
-- by the whole metadata: none of these values is copied to pg_stats.
alter table conversations
    alter column customer_id set statistics 0,
    alter column session_id set statistics 0,
    alter column metadata set statistics 0;

-- Counts the conversations of one domain; the cascade from domains.
create index idx_conversations_domain_id on conversations (domain_id);

-- Finds the conversations of one session of a domain, the newest first: every chat turn begins here.
create index idx_conversations_session_id on conversations (session_id, domain_id, started_at desc);

-- Lists the latest conversations of one domain.
create index idx_conversations_domain_started on conversations (domain_id, started_at desc);

-- Finds all conversations of one customer, for export and erasure.
create index idx_conversations_customer_id on conversations (customer_id) where customer_id is not null;

comment on table conversations is 'Conversations of visitors with the assistant of a domain.';
comment on column conversations.id is 'Primary key. [none]';
comment on column conversations.customer_id is 'The signed-in customer of the shop, when known. [identifier]';
comment on column conversations.domain_id is 'The domain the visitor talks to (domains.id). [none]';
comment on column conversations.session_id is 'The browser session of the visitor. [identifier]';
comment on column conversations.started_at is 'When the conversation began. [quasi-identifier]';
comment on column conversations.ended_at is 'When it ended; null while it runs. [quasi-identifier]';
comment on column conversations.metadata is 'What the application remembers about the conversation. [content]';
comment on column conversations.created_at is 'When the row was written. [none]';
