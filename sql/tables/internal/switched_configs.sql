-- While one embedding model takes the place of another: the tenants that the new one answers for already.
create table frontdesk_internal.switched_configs (
    config_id uuid primary key references customer_configs (id) on delete cascade,
    switched_at timestamptz not null default now()
);

comment on table frontdesk_internal.switched_configs is
    'Configurations whose vectors are those of the next model, while it takes the place of another.';
comment on column frontdesk_internal.switched_configs.config_id is 'The configuration (customer_configs.id). [none]';
comment on column frontdesk_internal.switched_configs.switched_at is 'Since when. [none]';
