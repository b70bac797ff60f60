-- Who owns a domain name. domains and customer_configs both carry names, and telemetry, rollups, alerts and training
-- data know their tenant by name alone, so a name belongs to one organization across all of them.
create table frontdesk_internal.domain_names (
    name text primary key,
    organization_id uuid
);

comment on table frontdesk_internal.domain_names is 'Every domain name in use and the one organization that owns it.';
comment on column frontdesk_internal.domain_names.name is 'Normalised domain name. [none]';
comment on column frontdesk_internal.domain_names.organization_id is 'The owner; NULL while only rows without an organization carry the name. [none]';

-- Removing an organization releases its names.
create index idx_domain_names_organization on frontdesk_internal.domain_names (organization_id);
