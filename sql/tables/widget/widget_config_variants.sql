-- Variants of a widget for comparison. Each gets its share of the sessions; the rest sees the plain settings.
create table widget_config_variants (
    id uuid not null default gen_random_uuid(),
    widget_config_id uuid not null,
    variant_name text not null,
    variant_config jsonb not null,
    traffic_percentage integer default 0,
    is_active boolean default true,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    customer_config_id uuid,
    constraint widget_config_variants_pkey primary key (id),
    constraint widget_config_variants_widget_config_id_fkey
        foreign key (widget_config_id) references widget_configs (id) on delete cascade,
    constraint traffic_is_a_percentage check (traffic_percentage between 0 and 100)
);

alter table widget_config_variants enable row level security;

-- Lists the variants of one widget; the cascade from widget_configs.
create index idx_widget_config_variants_widget_config_id on widget_config_variants (widget_config_id);

-- Lists the running variants.
create index idx_widget_config_variants_is_active on widget_config_variants (is_active);

-- Lists the variants of one configuration, as the policy reads them.
create index idx_widget_config_variants_customer_config_id on widget_config_variants (customer_config_id);

comment on table widget_config_variants is 'Variants of widget settings for A/B tests.';
comment on column widget_config_variants.id is 'Primary key. [none]';
comment on column widget_config_variants.widget_config_id is 'The settings it varies (widget_configs.id). [none]';
comment on column widget_config_variants.variant_name is 'Name of the variant. [content]';
comment on column widget_config_variants.variant_config is 'What it changes. [content]';
comment on column widget_config_variants.traffic_percentage is 'Share of the sessions, 0 to 100. [none]';
comment on column widget_config_variants.is_active is 'Whether it takes part. [none]';
comment on column widget_config_variants.created_at is 'When the row was written. [none]';
comment on column widget_config_variants.updated_at is 'When the row last changed. [none]';
comment on column widget_config_variants.customer_config_id is
    'Ours: the configuration (customer_configs.id), filled by trigger; policies read it. [none]';
