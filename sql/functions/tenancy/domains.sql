-- Domain names and the two rows that belong to each.

-- Definer: people may not insert into customer_configs; this writes both rows of a domain.
create or replace function frontdesk.register_domain(organization_id uuid, domain text, name text default null)
returns table (domain_id uuid, config_id uuid, domain_name text)
language plpgsql volatile security definer rows 1
as $$
declare
    wanted text;
begin
    if register_domain.domain is null then
        raise exception using
            errcode = 'null_value_not_allowed',
            message = 'argument "domain" must not be null',
            hint = 'Give a host name such as shop.example.com.';
    end if;
    perform frontdesk.require_role(register_domain.organization_id, 'admin');
    wanted := frontdesk.normalize_domain(register_domain.domain);
    -- Two callers at once meet in the unique key: the second waits, skips, and finds the first's row below.
    if not exists (
        select from domains as d
        where d.domain = wanted and d.organization_id is distinct from register_domain.organization_id
        union all
        select from customer_configs as c
        where c.domain = wanted and c.organization_id is distinct from register_domain.organization_id
    ) then
        insert into domains (domain, name, organization_id)
        values (wanted, register_domain.name, register_domain.organization_id)
        on conflict on constraint domains_domain_key do nothing;
        insert into customer_configs (domain, business_name, organization_id)
        values (wanted, register_domain.name, register_domain.organization_id)
        on conflict on constraint customer_configs_domain_key do nothing;
    end if;
    return query
        select d.id, c.id, d.domain
        from domains as d
        join customer_configs as c on c.domain = d.domain
        where d.domain = wanted
            and d.organization_id = register_domain.organization_id
            and c.organization_id = register_domain.organization_id;
    if not found then
        raise exception using
            errcode = 'unique_violation',
            message = format('domain name "%s" is already registered', wanted),
            hint = 'A name belongs to one organization. If it is yours, ask the operator to transfer it.';
    end if;
end
$$;

comment on function frontdesk.register_domain is
    'Registers a domain name for an organization and returns the ids of its domains row and its customer_configs '
    'row; again for the same organization returns the same ids. For admins, owners and operators. Raises 22023 '
    'when the name is not a host name, 42501 when the role is too low, P0002 when the organization is unknown or '
    'somebody else''s, 23505 when the name is registered elsewhere.';

comment on function frontdesk.normalize_domain is
    'The one spelling of a domain name: lower case, without scheme, port, path, leading www. and trailing dot. Raises '
    '22023 for text that is not a host name.';
comment on function frontdesk.canonical_domain is
    'A domain name in its one spelling; text that is no host name comes back as it is.';
