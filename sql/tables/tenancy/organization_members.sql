-- Who belongs to which organization, and with what rank: viewer < member < admin < owner. Row level security of
-- every other table starts here.
create table organization_members (
    id uuid not null default gen_random_uuid(),
    organization_id uuid not null,
    user_id uuid not null,
    role text not null default 'member',
    joined_at timestamptz default now(),
    created_at timestamptz default now(),
    constraint organization_members_pkey primary key (id),
    constraint unique_organization_user unique (organization_id, user_id),
    constraint organization_members_organization_id_fkey
        foreign key (organization_id) references organizations (id) on delete cascade,
    constraint member_role_is_known check (role in ('owner', 'admin', 'member', 'viewer'))
);

alter table organization_members enable row level security;

-- Lists the members of one organization; also the cascade from organizations.
create index idx_organization_members_org on organization_members (organization_id);

-- Finds all organizations of one person.
create index idx_organization_members_user on organization_members (user_id);

-- Finds the owners or admins of an organization: is this the last owner?
create index idx_organization_members_org_id_role on organization_members (organization_id, role);

-- Answers the lookup behind every policy (my organizations and my rank in each) from the index alone.
create index idx_organization_members_user_org_role on organization_members (user_id, organization_id, role);

comment on table organization_members is 'Memberships: one person in one organization, with one role.';
comment on column organization_members.id is 'Primary key. [none]';
comment on column organization_members.organization_id is 'The organization (organizations.id). [none]';
comment on column organization_members.user_id is 'The person: the sub claim of the signed-in user. [identifier]';
comment on column organization_members.role is 'Rank: viewer, member, admin or owner. [none]';
comment on column organization_members.joined_at is 'When the person joined. [quasi-identifier]';
comment on column organization_members.created_at is 'When the row was written. [none]';
