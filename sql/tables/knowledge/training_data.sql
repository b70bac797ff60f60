-- Examples of good answers, written by people for their own domains. A row is its writer's until it is processed.
create table training_data (
    id uuid not null default gen_random_uuid(),
    user_id uuid,
    domain text,
    type text not null,
    input_text text not null,
    output_text text not null,
    metadata jsonb default '{}',
    status text default 'pending',
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    constraint training_data_pkey primary key (id)
);

alter table training_data enable row level security;

-- Lists the examples of one person.
create index idx_training_data_user_id on training_data (user_id);

-- Lists the examples of one domain.
create index idx_training_data_domain on training_data (domain);

-- Lists the examples of one state.
create index idx_training_data_status on training_data (status);

-- Lists the latest examples.
create index idx_training_data_created_at on training_data (created_at desc);

-- Takes the examples of one domain that are still to be processed.
create index idx_training_data_domain_status on training_data (domain, status);

comment on table training_data is 'Examples of questions and answers for tuning the assistant of a domain.';
comment on column training_data.id is 'Primary key. [none]';
comment on column training_data.user_id is 'Who wrote the example. [identifier]';
comment on column training_data.domain is 'Name of the domain it is for. [none]';
comment on column training_data.type is 'Kind of example. [none]';
comment on column training_data.input_text is 'What a visitor might say. [content]';
comment on column training_data.output_text is 'What the assistant should answer. [content]';
comment on column training_data.metadata is 'Notes of the application. [content]';
comment on column training_data.status is 'State of the example: pending until it is used. [none]';
comment on column training_data.created_at is 'When the example was written. [none]';
comment on column training_data.updated_at is 'When the row last changed. [none]';
