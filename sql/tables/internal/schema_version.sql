-- Which migrations made the tables; the newest row is the schema version.
create table frontdesk_internal.schema_version (
    version integer primary key,
    applied_at timestamptz not null default now()
);

comment on table frontdesk_internal.schema_version is 'The migrations that have been applied to the tables.';
comment on column frontdesk_internal.schema_version.version is 'Number of the migration. [none]';
comment on column frontdesk_internal.schema_version.applied_at is 'When it was applied. [none]';
