-- Domain names and the two rows that belong to each: in domains (pages, conversations) and in customer_configs (settings).
--
-- A name is claimed and released under the lock of its row in frontdesk_internal.domain_names; the triggers on both tables
-- see to it for direct writes too. A function that takes several names takes them in their order, so that two of them wait
-- for each other instead of both giving up.

-- Definer: people may not insert into customer_configs; this writes both rows of a domain.
create or replace function frontdesk.register_domain(organization_id uuid, domain text, name text default null)
returns table (domain_id uuid, config_id uuid, domain_name text)
language plpgsql volatile security definer rows 1
as $$
declare
    wanted text;
    is_operator constant boolean := frontdesk.caller_is_operator();
begin
    perform frontdesk.require_value('domain', domain);
    perform frontdesk.require_role(register_domain.organization_id, 'admin');
    wanted := frontdesk.normalize_domain(register_domain.domain);
    perform frontdesk.lock_domain_name(wanted);
    if exists (
        select from frontdesk.domain_name_holders(wanted) as h
        where h.kind = 'alias' or h.organization_id <> register_domain.organization_id
            or (h.organization_id is null and not is_operator)
    ) then
        perform frontdesk.refuse_domain_name(wanted);
    end if;

    update domains as d
    set organization_id = register_domain.organization_id
    where d.domain = wanted and d.organization_id is null;
    update customer_configs as c
    set organization_id = register_domain.organization_id
    where c.domain = wanted and c.organization_id is null;
    insert into domains (domain, name, organization_id)
    values (wanted, register_domain.name, register_domain.organization_id)
    on conflict on constraint domains_domain_key do nothing;
    insert into customer_configs (domain, business_name, organization_id)
    values (wanted, register_domain.name, register_domain.organization_id)
    on conflict on constraint customer_configs_domain_key do nothing;
    return query
        select d.id, c.id, d.domain
        from domains as d
        join customer_configs as c on c.domain = d.domain
        where d.domain = wanted;
end
$$;

comment on function frontdesk.register_domain is
    'Registers a domain name for an organization and returns the ids of its domains row and its customer_configs '
    'row; again for the same organization returns the same ids. For admins, owners and operators, who may also give away '
    'a name that no organization has. Raises 22023 when the name is not a host name, 42501 when the role is too low, '
    'P0002 when the organization is unknown or somebody else''s, 23505 when the name is taken, 22004 for NULL.';

-- Definer: names are not people's to update; this moves every row that carries the name with it.
create or replace function frontdesk.rename_domain(domain text, new_name text, keep_old_name boolean default true)
returns table (table_name text, rows_affected bigint)
language plpgsql volatile security definer rows 10
as $$
declare
    target record;
    wanted text;
begin
    perform frontdesk.require_value('new_name', new_name);
    perform frontdesk.require_value('keep_old_name', keep_old_name);
    select * into target from frontdesk.require_domain(domain, 'admin');
    wanted := frontdesk.normalize_domain(new_name);
    if wanted = target.name then
        return;
    end if;
    perform frontdesk.lock_domain(target.domain_id, target.name, array[wanted], 'admin');
    if exists (
        select from frontdesk.domain_name_holders(wanted) as h
        where not (h.kind = 'alias' and h.id = target.domain_id)
    ) then
        perform frontdesk.refuse_domain_name(wanted);
    end if;

    return query select m.table_name, m.rows_affected from frontdesk.move_domain_rows(target.name, wanted) as m;
    update domains as d
    set domain = wanted, aliases = array_remove(d.aliases, wanted), verified_at = null
    where d.id = target.domain_id;
    return query values ('domains', 1::bigint);
    return query
        with renamed as (update customer_configs as c set domain = wanted where c.id = target.config_id returning 1)
        select 'customer_configs', count(*) from renamed;
    if keep_old_name then
        update domains as d set aliases = d.aliases || target.name where d.id = target.domain_id;
    else
        return query select r.table_name, r.rows_affected from frontdesk.remove_pages_of_name(target.domain_id, target.name) as r;
    end if;
end
$$;

comment on function frontdesk.rename_domain is
    'Gives a domain another name and files under it everything that carries the old one; returns how many rows of each '
    'table. The ids stay. The old name becomes an alias, so that its pages stay; with keep_old_name => false it is given '
    'up, and the pages on it go. verified_at is cleared. For admins, owners and operators. Raises 22023 when the new name '
    'is not a host name, 42501 when the role is too low, P0002 when the domain is unknown or somebody else''s, 23505 when '
    'the new name is taken, 22004 for NULL.';

-- Definer: the owner of a domain is not people's to update; the caller must be an owner on both sides.
create or replace function frontdesk.transfer_domain(domain text, organization_id uuid)
returns table (table_name text, rows_affected bigint)
language plpgsql volatile security definer rows 10
as $$
declare
    target record;
    names text[];
begin
    select * into target from frontdesk.require_domain(domain, 'owner');
    perform frontdesk.require_role(transfer_domain.organization_id, 'owner');
    if target.organization_id = transfer_domain.organization_id then
        return;
    end if;
    perform frontdesk.lock_domain(target.domain_id, target.name, '{}', 'owner');
    select d.aliases || d.domain into names from domains as d where d.id = target.domain_id;

    -- The registry first: with it the triggers tell a transfer from somebody who takes a name.
    update frontdesk_internal.domain_names as r
    set organization_id = transfer_domain.organization_id
    where r.name = any (names);
    return query
        with moved as (
            update domains as d
            set organization_id = transfer_domain.organization_id, verified_at = null
            where d.id = target.domain_id
            returning 1
        )
        select 'domains', count(*) from moved;
    return query
        with moved as (
            update customer_configs as c
            set organization_id = transfer_domain.organization_id
            -- Nobody's row is the operators' to give away.
            where c.domain = target.name
                and (c.organization_id = target.organization_id or frontdesk.caller_is_operator())
            returning 1
        )
        select 'customer_configs', count(*) from moved;
end
$$;

comment on function frontdesk.transfer_domain is
    'Gives a domain, its aliases and everything below them to another organization; returns how many rows changed hands. '
    'Ids and names stay, so nothing else is written; audit entries stay with the former owner. verified_at is cleared. For '
    'owners of both organizations and operators. Raises 42501 when a role is too low, P0002 when the domain or the '
    'organization is unknown or somebody else''s, 22004 for NULL.';

-- Definer: aliases are not people's to update; this claims the alias as register_domain claims a name.
create or replace function frontdesk.add_domain_alias(domain text, alias text)
returns text
language plpgsql volatile security definer
as $$
declare
    target record;
    wanted text;
    present text[];
begin
    perform frontdesk.require_value('alias', alias);
    select * into target from frontdesk.require_domain(domain, 'admin');
    wanted := frontdesk.normalize_domain(alias);
    perform frontdesk.lock_domain(target.domain_id, target.name, array[wanted], 'admin');
    select d.aliases into present from domains as d where d.id = target.domain_id;
    if wanted = target.name then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = 'an alias must differ from the name of the domain',
            hint = 'Subdomains and the name with www. belong to the domain without an alias.';
    elsif cardinality(present) >= 100 and wanted <> all (present) then
        raise exception using
            errcode = 'program_limit_exceeded',
            message = 'a domain has at most 100 aliases',
            hint = 'Register a further domain.';
    end if;
    update domains as d set aliases = d.aliases || wanted where d.id = target.domain_id and wanted <> all (d.aliases);
    return wanted;
end
$$;

comment on function frontdesk.add_domain_alias is
    'Gives a domain a further name, whose pages are ingested as its own, and returns its normalised spelling. An alias is '
    'owned once, as a name is, and names nothing by itself: functions take the name of the domain. For admins, owners and '
    'operators. Raises 22023 when it is not a host name or the domain''s own, 42501 when the role is too low, P0002 when '
    'the domain is unknown or somebody else''s, 23505 when the name is taken, 54000 above 100, 22004 for NULL.';

-- Definer: as add_domain_alias.
create or replace function frontdesk.remove_domain_alias(domain text, alias text)
returns table (table_name text, rows_deleted bigint)
language plpgsql volatile security definer rows 10
as $$
declare
    target record;
    wanted constant text := frontdesk.canonical_domain(alias);
begin
    perform frontdesk.require_value('alias', alias);
    select * into target from frontdesk.require_domain(domain, 'admin');
    perform frontdesk.lock_domain(target.domain_id, target.name, '{}', 'admin');
    update domains as d
    set aliases = array_remove(d.aliases, wanted)
    where d.id = target.domain_id and wanted = any (d.aliases);
    if not found then
        raise exception using
            errcode = 'no_data_found',
            message = 'the domain has no such alias',
            hint = 'select domain, aliases from domains; lists them.';
    end if;
    return query select r.table_name, r.rows_affected from frontdesk.remove_pages_of_name(target.domain_id, wanted) as r;
end
$$;

comment on function frontdesk.remove_domain_alias is
    'Gives up an alias of a domain and removes what was stored from its pages; returns how many rows of each table. For '
    'admins, owners and operators. Raises 42501 when the role is too low, P0002 when the domain is unknown or somebody '
    'else''s or has no such alias, 22004 for NULL.';

-- Definer: writes a column that people must not.
create or replace function frontdesk.verify_domain(domain text)
returns timestamptz
language plpgsql volatile security definer
as $$
declare
    target record;
begin
    select * into target from frontdesk.require_domain(domain, 'owner');
    update domains as d set verified_at = now() where d.id = target.domain_id;
    return now();
end
$$;

comment on function frontdesk.verify_domain is
    'Writes down that the operator has seen proof that a domain''s organization controls its name, and returns when: '
    'domains.verified_at. For operators. Raises P0002 when the domain is unknown, 22004 for NULL.';

-- Definer: locks rows of any tenant; no role may call it.
create or replace function frontdesk.lock_domain(domain_id uuid, present_name text, further_names text[], at_least text)
returns void
language plpgsql volatile security definer
as $$
declare
    locked text;
begin
    for locked in
        select n.name
        from (
            select unnest(d.aliases || d.domain || further_names) as name from domains as d where d.id = lock_domain.domain_id
        ) as n
        group by n.name
        order by n.name collate "C"
    loop
        perform frontdesk.lock_domain_name(locked);
    end loop;
    perform from domains as d where d.id = lock_domain.domain_id and d.domain = present_name for update;
    if not found then
        raise exception using
            errcode = 'no_data_found',
            message = 'the domain does not exist or is not yours',
            hint = 'select domain from domains; lists yours.';
    end if;
    -- Who had to wait may have lost the domain, or the role, to who went first.
    perform from frontdesk.require_domain(lock_domain.domain_id::text, at_least);
end
$$;

comment on function frontdesk.lock_domain is
    'Takes a domain, its names and further ones for the rest of the transaction. Raises P0002 when it has lost its name or '
    'changed hands meanwhile, 42501 when the caller has lost the role.';

create or replace function frontdesk.url_host(url text)
returns text
language sql immutable strict parallel safe
return lower(substring(url from '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/?#:]+)'));

comment on function frontdesk.url_host is 'The host of an absolute url in lower case.';

create or replace function frontdesk.url_is_on(url text, names text[])
returns boolean
language sql immutable parallel safe
return exists (
    select from unnest(names) as n (name)
    where frontdesk.url_host(url) = n.name or frontdesk.url_host(url) like '%.' || n.name
);

comment on function frontdesk.url_is_on is
    'Whether the host of a url is one of these names or lies below one.';

-- Definer: deletes content that only functions write; no role may call it.
create or replace function frontdesk.remove_pages_of_name(domain_id uuid, given_up text)
returns table (table_name text, rows_affected bigint)
language plpgsql volatile security definer
as $$
declare
    names constant text[] := (select d.aliases || d.domain from domains as d where d.id = remove_pages_of_name.domain_id);
    content_table text;
begin
    foreach content_table in array array['scraped_pages', 'website_content', 'structured_extractions'] loop
        table_name := content_table;
        execute format(
            'delete from %I where domain_id = $1 and frontdesk.url_is_on(url, array[$2]) and not frontdesk.url_is_on(url, $3)',
            content_table)
        using remove_pages_of_name.domain_id, given_up, names;
        get diagnostics rows_affected = row_count;
        return next;
    end loop;
end
$$;

comment on function frontdesk.remove_pages_of_name is
    'Removes what a domain has stored from pages on a name that it has given up: whoever takes the name takes its urls.';

comment on function frontdesk.normalize_domain is
    'The one spelling of a domain name: lower case, without scheme, port, path, leading www. and trailing dot. Raises '
    '22023 for text that is not a host name.';
comment on function frontdesk.canonical_domain is
    'A domain name in its one spelling; text that is no host name comes back as it is.';
