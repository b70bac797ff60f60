-- Versions of the chat widget's settings. The active one is what visitors get.
create table widget_configs (
    id uuid not null default gen_random_uuid(),
    customer_config_id uuid not null,
    version text not null,
    config_data jsonb not null,
    is_active boolean default true,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    constraint widget_configs_pkey primary key (id),
    constraint widget_configs_customer_config_id_fkey
        foreign key (customer_config_id) references customer_configs (id) on delete cascade
);

alter table widget_configs enable row level security;

-- Lists the versions of one configuration; the cascade from customer_configs.
create index idx_widget_configs_customer_config_id on widget_configs (customer_config_id);

-- Lists the active settings.
create index idx_widget_configs_is_active on widget_configs (is_active);

-- Finds settings by version.
create index idx_widget_configs_version on widget_configs (version);

comment on table widget_configs is 'Settings of the chat widget, by version.';
comment on column widget_configs.id is 'Primary key. [none]';
comment on column widget_configs.customer_config_id is 'The configuration (customer_configs.id). [none]';
comment on column widget_configs.version is 'Version; compared by number where it is one. [none]';
comment on column widget_configs.config_data is 'The settings. [content]';
comment on column widget_configs.is_active is 'Whether visitors get it. [none]';
comment on column widget_configs.created_at is 'When the row was written. [none]';
comment on column widget_configs.updated_at is 'When the row last changed. [none]';
