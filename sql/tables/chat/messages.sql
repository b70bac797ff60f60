-- What was said. Messages of one transaction share created_at, so every list orders by ordinal.
create table messages (
    id uuid not null default gen_random_uuid(),
    conversation_id uuid not null,
    role text not null,
    content text not null,
    metadata jsonb default '{}',
    created_at timestamptz default now(),
    domain_id uuid,
    ordinal bigint generated always as identity,
    constraint messages_pkey primary key (id),
    constraint messages_conversation_id_fkey
        foreign key (conversation_id) references conversations (id) on delete cascade,
    constraint message_role_is_known check (role in ('user', 'assistant', 'system'))
);

alter table messages enable row level security;

-- No query compares whole messages, so samples of what visitors wrote need not be copied to pg_stats.
alter table messages
    alter column content set statistics 0,
    alter column metadata set statistics 0;

-- Counts the messages of one conversation; the cascade from conversations.
create index idx_messages_conversation_id on messages (conversation_id);

-- Lists the messages of one conversation since a time.
create index idx_messages_conversation_created on messages (conversation_id, created_at);

-- Reads the last messages of one conversation in order: every chat turn asks for them.
create index idx_messages_conversation_ordinal on messages (conversation_id, ordinal);

-- Reads the messages of one domain: the policies, and the search for mentions of a person.
create index idx_messages_domain_id on messages (domain_id);

comment on table messages is 'Messages of conversations.';
comment on column messages.id is 'Primary key. [none]';
comment on column messages.conversation_id is 'The conversation (conversations.id). [none]';
comment on column messages.role is 'Who speaks: user, assistant or system. [none]';
comment on column messages.content is 'What was said. [content]';
comment on column messages.metadata is 'What the application notes: sources, feedback and so on. [content]';
comment on column messages.created_at is 'When the message was written. [none]';
comment on column messages.domain_id is
    'Ours: the domain of the conversation (domains.id), filled by trigger; policies read it. [none]';
comment on column messages.ordinal is 'Ours: order of writing, also within one transaction. [none]';
