-- Record of what was done about personal data, and at whose request. Rows are added, never changed.
create table gdpr_audit_log (
    id uuid not null default gen_random_uuid(),
    domain text not null,
    request_type text not null,
    user_identifier text not null,
    action_taken text not null,
    metadata jsonb default '{}',
    created_at timestamptz default now(),
    organization_id uuid,
    constraint gdpr_audit_log_pkey primary key (id),
    constraint request_type_is_known check (request_type in (
        'export', 'delete', 'access', 'rectification',
        'hold', 'release', 'retention', 'tenant_deletion', 'reapply'))
);

alter table gdpr_audit_log enable row level security;

-- A log of erasures must not leave the erased identifiers in pg_stats.
alter table gdpr_audit_log
    alter column user_identifier set statistics 0,
    alter column action_taken set statistics 0,
    alter column metadata set statistics 0;

-- Lists the latest entries of one domain.
create index idx_gdpr_audit_domain_created on gdpr_audit_log (domain, created_at desc);

-- Lists the entries of one kind.
create index idx_gdpr_audit_request_type on gdpr_audit_log (request_type);

-- Lists the latest entries of one organization, as its policy reads them.
create index idx_gdpr_audit_log_organization_created on gdpr_audit_log (organization_id, created_at desc);

comment on table gdpr_audit_log is 'Audit trail of access, erasure, rectification and related actions.';
comment on column gdpr_audit_log.id is 'Primary key. [none]';
comment on column gdpr_audit_log.domain is 'Name of the domain. [none]';
comment on column gdpr_audit_log.request_type is
    'export, delete, access, rectification; or hold, release, retention, tenant_deletion, reapply. [none]';
comment on column gdpr_audit_log.user_identifier is 'Whom the request was about. [identifier]';
comment on column gdpr_audit_log.action_taken is 'What was done. [content]';
comment on column gdpr_audit_log.metadata is 'Counts and details. [content]';
comment on column gdpr_audit_log.created_at is 'When it was done. [none]';
comment on column gdpr_audit_log.organization_id is
    'Ours: who owned the domain then (organizations.id), filled by trigger; policies read it. [none]';
