-- Who may act on what: ranks, the sets that policies compare with, and the checks that functions begin with. SECURITY
-- DEFINER functions here answer for the caller's claims alone; none takes the id of a person to answer for.

create or replace function frontdesk.role_rank(role text)
returns integer
language sql immutable parallel safe
return array_position(array['viewer', 'member', 'admin', 'owner'], role);

comment on function frontdesk.role_rank is
    'Rank of a role: viewer 1, member 2, admin 3, owner 4. NULL for any other text.';

-- The four sets are read here, once for many statements: src/access.rs keeps them for the session, and gives them to
-- policies as arrays. Definer: they read memberships that only these sets make visible. In plpgsql, which keeps its plans
-- for the session; a function in SQL plans them for every call (36 against 260 us). A chat server is nobody's user id and
-- has no memberships: it gets its one domain.

create or replace function frontdesk.read_organization_ids(at_least text)
returns uuid[]
language plpgsql stable security definer parallel safe
as $$
declare
    caller constant uuid := frontdesk.current_user_id();
    -- As in role_rank, which would cost a call per membership here and in the functions below.
    ranks constant text[] := array['viewer', 'member', 'admin', 'owner'];
begin
    return array(
        select m.organization_id
        from organization_members as m
        where m.user_id = caller and array_position(ranks, m.role) >= array_position(ranks, at_least)
    );
end
$$;

comment on function frontdesk.read_organization_ids is
    'What accessible_organization_ids returns, read from the tables.';

create or replace function frontdesk.read_domain_ids(at_least text)
returns uuid[]
language plpgsql stable security definer parallel safe
as $$
declare
    caller constant uuid := frontdesk.current_user_id();
    ranks constant text[] := array['viewer', 'member', 'admin', 'owner'];
begin
    if caller is not null then
        return array(
            select d.id
            from organization_members as m
            join domains as d on d.organization_id = m.organization_id
            where m.user_id = caller and array_position(ranks, m.role) >= array_position(ranks, at_least)
        );
    elsif at_least = 'viewer' then
        return array(
            select d.id
            from domains as d
            where d.domain = frontdesk.claimed_domain() and d.organization_id is not null
        );
    end if;
    return '{}';
end
$$;

comment on function frontdesk.read_domain_ids is 'What accessible_domain_ids returns, read from the tables.';

create or replace function frontdesk.read_config_ids(at_least text)
returns uuid[]
language plpgsql stable security definer parallel safe
as $$
declare
    caller constant uuid := frontdesk.current_user_id();
    ranks constant text[] := array['viewer', 'member', 'admin', 'owner'];
begin
    if caller is not null then
        return array(
            select c.id
            from organization_members as m
            join customer_configs as c on c.organization_id = m.organization_id
            where m.user_id = caller and array_position(ranks, m.role) >= array_position(ranks, at_least)
        );
    elsif at_least = 'viewer' then
        return array(
            select c.id
            from customer_configs as c
            where c.domain = frontdesk.claimed_domain() and c.organization_id is not null
        );
    end if;
    return '{}';
end
$$;

comment on function frontdesk.read_config_ids is 'What accessible_config_ids returns, read from the tables.';

create or replace function frontdesk.read_domain_names(at_least text)
returns text[]
language plpgsql stable security definer parallel safe
as $$
declare
    caller constant uuid := frontdesk.current_user_id();
    ranks constant text[] := array['viewer', 'member', 'admin', 'owner'];
begin
    if caller is not null then
        return array(
            select n.domain
            from organization_members as m
            cross join lateral (
                select d.domain from domains as d where d.organization_id = m.organization_id
                union
                select c.domain from customer_configs as c where c.organization_id = m.organization_id
            ) as n
            where m.user_id = caller and array_position(ranks, m.role) >= array_position(ranks, at_least)
        );
    elsif at_least = 'viewer' then
        return array(
            select d.domain
            from domains as d
            where d.domain = frontdesk.claimed_domain() and d.organization_id is not null
            union
            select c.domain
            from customer_configs as c
            where c.domain = frontdesk.claimed_domain() and c.organization_id is not null
        );
    end if;
    return '{}';
end
$$;

comment on function frontdesk.read_domain_names is 'What accessible_domain_names returns, read from the tables.';

create or replace function frontdesk.watched_relations()
returns oid[]
language plpgsql stable parallel safe
as $$
declare
    -- tgtype: before, for each row, on insert, update and delete; and before, on truncate.
    row_trigger constant smallint := 31;
    truncate_trigger constant smallint := 34;
    subject constant oid := (
        select c.oid
        from pg_class as c
        join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname = 'frontdesk_internal' and c.relname = 'access_changes'
    );
    tables constant oid[] := array(
        select c.oid
        from pg_extension as e
        join pg_class as c on c.relnamespace = e.extnamespace
        join pg_trigger as t on t.tgrelid = c.oid
        where e.extname = 'frontdesk'
            and c.relname in (
                'organization_members', 'domains', 'customer_configs', 'domain_synonym_mappings', 'global_synonym_mappings'
            )
            and t.tgfoid = to_regprocedure('frontdesk.announce_access_change()')
            -- Also while rows of another server are applied.
            and t.tgenabled = 'A'
            -- Rows of tables that inherit would be read, but not announced.
            and c.relkind = 'r' and not c.relhassubclass
        group by c.oid
        having bool_or(t.tgtype = row_trigger) and bool_or(t.tgtype = truncate_trigger)
    );
begin
    if subject is null or cardinality(tables) < 5 then
        return '{}';
    end if;
    return subject || tables;
end
$$;

comment on function frontdesk.watched_relations is
    'The relations whose changes end the life of what sessions keep: first the one that announcements are about, then the tables '
    'that it is read from. None unless every change of those tables is announced.';

create or replace function frontdesk.accessible_organization_ids(at_least text default 'viewer')
returns setof uuid
language plpgsql stable parallel safe rows 10
as $$
begin
    return query select unnest(frontdesk.accessible_organization_id_array(at_least));
end
$$;

comment on function frontdesk.accessible_organization_ids is
    'Ids of the organizations in which the signed-in person has this role or a higher one. Never raises.';

create or replace function frontdesk.accessible_domain_ids(at_least text default 'viewer')
returns setof uuid
language plpgsql stable parallel safe rows 10
as $$
begin
    return query select unnest(frontdesk.accessible_domain_id_array(at_least));
end
$$;

comment on function frontdesk.accessible_domain_ids is
    'Ids in domains that the caller reaches with this role or a higher one; for viewer also the domain of a '
    'chat server''s claims. Never raises.';

create or replace function frontdesk.accessible_config_ids(at_least text default 'viewer')
returns setof uuid
language plpgsql stable parallel safe rows 10
as $$
begin
    return query select unnest(frontdesk.accessible_config_id_array(at_least));
end
$$;

comment on function frontdesk.accessible_config_ids is
    'Ids in customer_configs that the caller reaches with this role or a higher one; for viewer also the '
    'configuration of a chat server''s domain. Never raises.';

create or replace function frontdesk.accessible_domain_names(at_least text default 'viewer')
returns setof text
language plpgsql stable parallel safe rows 10
as $$
begin
    return query select unnest(frontdesk.accessible_domain_name_array(at_least));
end
$$;

comment on function frontdesk.accessible_domain_names is
    'Names of the domains that the caller reaches with this role or a higher one; for viewer also the domain of '
    'a chat server''s claims. Never raises.';

-- Definer: answers also for an operator, and before policies let the caller see the domain.
create or replace function frontdesk.resolve_domain(domain text, at_least text default 'viewer')
returns table (domain_id uuid, config_id uuid, name text, organization_id uuid, active boolean)
language plpgsql stable security definer rows 1
as $$
declare
    wanted_id uuid;
    wanted_name text;
    is_operator boolean := frontdesk.caller_is_operator();
begin
    if resolve_domain.domain ~* '^[[:space:]]*[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}[[:space:]]*$' then
        wanted_id := btrim(resolve_domain.domain, E' \t\r\n\f\v')::uuid;
    else
        wanted_name := frontdesk.canonical_domain(resolve_domain.domain);
    end if;
    return query
        select d.id, c.id, d.domain, d.organization_id,
            coalesce(d.active, true) and coalesce(c.active, true)
        from domains as d
        left join customer_configs as c
            on c.domain = d.domain and c.organization_id is not distinct from d.organization_id
        where (d.id = wanted_id or d.domain = wanted_name)
            and (is_operator or d.id = any (frontdesk.accessible_domain_id_array(at_least)));
end
$$;

comment on function frontdesk.resolve_domain is
    'The ids, name and owner of a domain, given its name in any spelling or its id as text; active is false when '
    'the domain or its configuration is switched off. No row when it is unknown or the caller''s role is too low. '
    'Never raises.';

create or replace function frontdesk.require_value(argument text, value anyelement)
returns void
language plpgsql immutable parallel safe
as $$
begin
    if value is null then
        raise exception using
            errcode = 'null_value_not_allowed',
            message = format('argument "%s" must not be null', argument),
            hint = 'Give a value for it.';
    end if;
end
$$;

comment on function frontdesk.require_value is
    'Raises 22004 when the value of an argument is NULL.';

create or replace function frontdesk.require_text(argument text, value text)
returns void
language plpgsql immutable parallel safe
as $$
begin
    perform frontdesk.require_value(argument, value);
    if btrim(value, E' \t\r\n') = '' then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = format('argument "%s" must not be blank', argument),
            hint = 'Give a text with something in it.';
    end if;
end
$$;

comment on function frontdesk.require_text is
    'Raises 22004 when the text of an argument is NULL, 22023 when it is blank.';

create or replace function frontdesk.require_object(argument text, value jsonb)
returns void
language plpgsql immutable parallel safe
as $$
begin
    perform frontdesk.require_value(argument, value);
    if jsonb_typeof(value) <> 'object' then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = format('argument "%s" must be a JSON object, got %s', argument, jsonb_typeof(value)),
            hint = 'Give for example ''{"color": "#0b7285"}''.';
    elsif octet_length(value::text) > 1048576 then
        raise exception using
            errcode = 'program_limit_exceeded',
            message = format('argument "%s" must be at most 1 MB as text', argument),
            hint = 'Keep large things elsewhere and their addresses here.';
    end if;
end
$$;

comment on function frontdesk.require_object is
    'Raises 22004 when the JSON of an argument is NULL, 22023 when it is no object, 54000 when its text is above 1 MB.';

-- Definer: tells an organization that the caller may not see from one in which a role is missing.
create or replace function frontdesk.require_role(organization_id uuid, at_least text)
returns void
language plpgsql stable security definer
as $$
begin
    perform frontdesk.require_value('organization_id', organization_id);
    if frontdesk.caller_is_operator() then
        if exists (select from organizations as o where o.id = require_role.organization_id) then
            return;
        end if;
    elsif organization_id = any (frontdesk.accessible_organization_id_array(at_least)) then
        return;
    elsif organization_id = any (frontdesk.accessible_organization_id_array()) then
        raise exception using
            errcode = 'insufficient_privilege',
            message = format('this needs the role %s or a higher one in the organization', at_least),
            hint = 'Ask an admin of the organization.';
    end if;
    raise exception using
        errcode = 'no_data_found',
        message = 'the organization does not exist or is not yours',
        hint = 'select id, name from organizations; lists yours.';
end
$$;

comment on function frontdesk.require_role is
    'Returns when the caller has this role or a higher one in the organization, or is an operator. Raises 42501 '
    'when the role is too low, P0002 when the organization is unknown or somebody else''s, 22004 for NULL.';

-- Definer: as require_role. The update changes nothing: whoever changes who belongs to an organization waits for others
-- who do, and is then asked again, because those may have taken the role away. Under REPEATABLE READ that fails.
create or replace function frontdesk.require_role_alone(organization_id uuid, at_least text)
returns void
language plpgsql volatile security definer
as $$
begin
    perform frontdesk.require_role(organization_id, at_least);
    update organizations as o set name = o.name where o.id = require_role_alone.organization_id;
    perform frontdesk.require_role(organization_id, at_least);
end
$$;

comment on function frontdesk.require_role_alone is
    'As require_role, for changes of members and invitations: until the end of the transaction nobody else makes one.';

-- Definer: tells a domain that the caller may not see from one in which a role is missing.
create or replace function frontdesk.require_domain(domain text, at_least text)
returns table (domain_id uuid, config_id uuid, name text, organization_id uuid, active boolean)
language plpgsql stable security definer rows 1
as $$
begin
    perform frontdesk.require_value('domain', domain);
    return query
        select r.domain_id, r.config_id, r.name, r.organization_id, r.active
        from frontdesk.resolve_domain(require_domain.domain, at_least) as r;
    if found then
        return;
    elsif exists (select from frontdesk.resolve_domain(require_domain.domain)) then
        raise exception using
            errcode = 'insufficient_privilege',
            message = format('this needs the role %s or a higher one in the domain''s organization', at_least),
            hint = 'Ask an admin of the organization.';
    end if;
    raise exception using
        errcode = 'no_data_found',
        message = 'the domain does not exist or is not yours',
        hint = 'select domain from domains; lists yours.';
end
$$;

comment on function frontdesk.require_domain is
    'The row of resolve_domain for a caller with this role or a higher one. Raises 42501 when the role is too low, '
    'P0002 when the domain is unknown or somebody else''s, 22004 for NULL.';

-- Definer: as require_domain.
create or replace function frontdesk.require_config(domain text, at_least text)
returns uuid
language plpgsql stable security definer
as $$
declare
    config constant uuid := (select r.config_id from frontdesk.require_domain(domain, at_least) as r);
begin
    if config is null then
        raise exception using
            errcode = 'object_not_in_prerequisite_state',
            message = 'the domain has no configuration',
            hint = 'Call frontdesk.register_domain(organization_id, domain) once more: it adds what is missing.';
    end if;
    return config;
end
$$;

comment on function frontdesk.require_config is
    'The id in customer_configs of a domain, for a caller with this role or a higher one. Raises as require_domain, and '
    '55000 when the domain has no configuration.';

comment on function frontdesk.current_user_id is
    'The id of the signed-in person: the sub of the request''s claims. NULL when nobody is signed in, the claims are '
    'malformed or have expired. Never raises.';
comment on function frontdesk.claimed_domain is
    'The one domain that a chat server acts for: the domain of the request''s claims when their role is chat_server, '
    'otherwise NULL. Never raises.';
comment on function frontdesk.caller_is_operator is
    'Whether the caller is a superuser or has the privileges of service_role; inside a SECURITY DEFINER function this '
    'still speaks of the role that called it.';
comment on function frontdesk.accessible_organization_id_array is
    'Ids of the organizations in which the signed-in person has this role or a higher one, as an array for policies. '
    'Never raises.';
comment on function frontdesk.accessible_domain_id_array is
    'Ids in domains that the caller reaches with this role or a higher one, as an array for policies; for viewer also '
    'the domain of a chat server''s claims. Never raises.';
comment on function frontdesk.accessible_config_id_array is
    'Ids in customer_configs that the caller reaches with this role or a higher one, as an array for policies; for '
    'viewer also the configuration of a chat server''s domain. Never raises.';
comment on function frontdesk.accessible_domain_name_array is
    'Names of the domains that the caller reaches with this role or a higher one, as an array for policies; for '
    'viewer also the domain of a chat server''s claims. Never raises.';
comment on function frontdesk.announce_access_change() is
    'Trigger: announces to all sessions, when the transaction commits, that what they keep about who reaches what has '
    'to be read again.';
