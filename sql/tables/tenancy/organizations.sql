-- The tenant. Everything a customer owns hangs below one row of this table, and deleting it deletes all of that.
create table organizations (
    id uuid not null default gen_random_uuid(),
    name text not null,
    slug text not null,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    max_seats integer default 5,
    billing_email text,
    constraint organizations_pkey primary key (id),
    constraint organizations_slug_key unique (slug),
    constraint seats_are_positive check (max_seats > 0)
);

alter table organizations enable row level security;

-- No query filters by the billing address, so its values need not be copied to pg_stats.
alter table organizations
    alter column billing_email set statistics 0;

-- Finds an organization by its slug in any spelling, and keeps two spellings of one slug apart.
create unique index idx_organizations_slug on organizations (lower(slug));

comment on table organizations is
    'Tenants: every domain, page, conversation and setting belongs to one organization.';
comment on column organizations.id is 'Primary key. [none]';
comment on column organizations.name is 'Display name. [content]';
comment on column organizations.slug is 'Short name for addresses, unique in any spelling. [content]';
comment on column organizations.created_at is 'When the organization was created. [none]';
comment on column organizations.updated_at is 'When the row last changed. [none]';
comment on column organizations.max_seats is
    'How many members and open invitations the plan allows; null is no limit. [none]';
comment on column organizations.billing_email is 'Where invoices go; often one person. [identifier]';
