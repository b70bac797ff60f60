-- Open and accepted invitations. At most one open invitation per address and organization; an accepted one stays
-- as a record and reserves nothing.
create table organization_invitations (
    id uuid not null default gen_random_uuid(),
    organization_id uuid not null,
    email text not null,
    token text not null,
    role text not null default 'member',
    invited_by uuid not null,
    created_at timestamptz default now(),
    expires_at timestamptz not null,
    accepted_at timestamptz,
    constraint organization_invitations_pkey primary key (id),
    constraint organization_invitations_token_key unique (token),
    constraint organization_invitations_organization_id_fkey
        foreign key (organization_id) references organizations (id) on delete cascade,
    constraint invitation_role_is_known check (role in ('admin', 'member', 'viewer'))
);

alter table organization_invitations enable row level security;

-- Addresses, tokens and inviters are looked up by equality only; pg_stats would keep copies of them.
alter table organization_invitations
    alter column email set statistics 0,
    alter column token set statistics 0,
    alter column invited_by set statistics 0;

-- Keeps one open invitation per address and organization.
create unique index unique_pending_invitation on organization_invitations (organization_id, email)
    where accepted_at is null;

-- Finds what one address has been invited to.
create index idx_organization_invitations_email on organization_invitations (email);

-- Redeems a token: only open invitations, so it stays small however many were accepted.
create index idx_organization_invitations_token on organization_invitations (token)
    where accepted_at is null;

-- Counts the seats that open invitations reserve now, and finds the expired ones.
create index idx_organization_invitations_org_active on organization_invitations (organization_id, expires_at)
    where accepted_at is null;

-- Lists all invitations of one organization; the cascade from organizations (the partial ones cannot serve it).
create index idx_organization_invitations_organization on organization_invitations (organization_id);

comment on table organization_invitations is
    'Invitations to join an organization, open until accepted_at is set or expires_at has passed.';
comment on column organization_invitations.id is 'Primary key. [none]';
comment on column organization_invitations.organization_id is 'The inviting organization (organizations.id). [none]';
comment on column organization_invitations.email is 'Who is invited. [identifier]';
comment on column organization_invitations.token is
    'SHA-256 digest of the token that was sent; the token itself is not stored. [secret]';
comment on column organization_invitations.role is 'The rank that accepting gives: viewer, member or admin. [none]';
comment on column organization_invitations.invited_by is 'The member who invited. [identifier]';
comment on column organization_invitations.created_at is 'When the invitation was written. [none]';
comment on column organization_invitations.expires_at is 'From when on the token is refused. [none]';
comment on column organization_invitations.accepted_at is
    'When the invited person accepted; null while open. [quasi-identifier]';
