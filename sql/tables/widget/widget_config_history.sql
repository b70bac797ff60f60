-- What the settings of a widget were before each change, to look up and to go back to.
create table widget_config_history (
    id uuid not null default gen_random_uuid(),
    widget_config_id uuid not null,
    version text not null,
    config_snapshot jsonb not null,
    changed_by uuid,
    change_reason text,
    created_at timestamptz default now(),
    customer_config_id uuid,
    constraint widget_config_history_pkey primary key (id),
    constraint widget_config_history_widget_config_id_fkey
        foreign key (widget_config_id) references widget_configs (id) on delete cascade
);

alter table widget_config_history enable row level security;

-- No query filters by who made a change, so pg_stats need not know.
alter table widget_config_history
    alter column changed_by set statistics 0;

-- Lists the history of one widget; the cascade from widget_configs.
create index idx_widget_config_history_widget_config_id on widget_config_history (widget_config_id);

-- Finds one version of a widget.
create index idx_widget_config_history_version on widget_config_history (widget_config_id, version);

-- Lists the history of one configuration, as the policy reads it.
create index idx_widget_config_history_customer_config_id on widget_config_history (customer_config_id);

comment on table widget_config_history is 'Earlier settings of widgets.';
comment on column widget_config_history.id is 'Primary key. [none]';
comment on column widget_config_history.widget_config_id is 'The settings that changed (widget_configs.id). [none]';
comment on column widget_config_history.version is 'Their version. [none]';
comment on column widget_config_history.config_snapshot is 'The settings as they were. [content]';
comment on column widget_config_history.changed_by is 'Who changed them. [identifier]';
comment on column widget_config_history.change_reason is 'Why. [content]';
comment on column widget_config_history.created_at is 'When they were changed. [none]';
comment on column widget_config_history.customer_config_id is
    'Ours: the configuration (customer_configs.id), filled by trigger; policies read it. [none]';
