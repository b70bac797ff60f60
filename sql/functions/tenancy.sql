-- Who may act on what: ranks, the sets that policies compare with, and the functions that create
-- organizations and domains. SECURITY DEFINER functions here answer for the caller's claims alone;
-- none takes the id of a person to answer for, except act_as, which nobody may execute by default.

create or replace function frontdesk.role_rank(role text)
returns integer
language sql immutable parallel safe
return array_position(array['viewer', 'member', 'admin', 'owner'], role);

comment on function frontdesk.role_rank is
    'Rank of a role: viewer 1, member 2, admin 3, owner 4. NULL for any other text.';

-- The four sets. Definer: they read memberships that only these sets make visible. plpgsql keeps
-- their plans for the session, a function in SQL plans them for every statement (36 against 260 us).
-- A chat server has no memberships: whatever else its claims say, it gets its one domain.

create or replace function frontdesk.accessible_organization_ids(at_least text default 'viewer')
returns setof uuid
language plpgsql stable security definer parallel safe rows 10
as $$
declare
    -- As in role_rank, which would cost a call per membership here.
    ranks constant text[] := array['viewer', 'member', 'admin', 'owner'];
begin
    if frontdesk.claimed_domain() is not null then
        return;
    end if;
    return query
        select m.organization_id
        from organization_members as m
        where m.user_id = frontdesk.current_user_id()
            and array_position(ranks, m.role) >= array_position(ranks, at_least);
end
$$;

comment on function frontdesk.accessible_organization_ids is
    'Ids of the organizations in which the signed-in person has this role or a higher one. Never raises.';

create or replace function frontdesk.accessible_domain_ids(at_least text default 'viewer')
returns setof uuid
language plpgsql stable security definer parallel safe rows 10
as $$
begin
    return query
        select d.id
        from domains as d
        where d.organization_id = any (array (select frontdesk.accessible_organization_ids(at_least)));
    if at_least = 'viewer' then
        return query
            select d.id
            from domains as d
            where d.domain = frontdesk.claimed_domain() and d.organization_id is not null;
    end if;
end
$$;

comment on function frontdesk.accessible_domain_ids is
    'Ids in domains that the caller reaches with this role or a higher one; for viewer also the domain of a '
    'chat server''s claims. Never raises.';

create or replace function frontdesk.accessible_config_ids(at_least text default 'viewer')
returns setof uuid
language plpgsql stable security definer parallel safe rows 10
as $$
begin
    return query
        select c.id
        from customer_configs as c
        where c.organization_id = any (array (select frontdesk.accessible_organization_ids(at_least)));
    if at_least = 'viewer' then
        return query
            select c.id
            from customer_configs as c
            where c.domain = frontdesk.claimed_domain() and c.organization_id is not null;
    end if;
end
$$;

comment on function frontdesk.accessible_config_ids is
    'Ids in customer_configs that the caller reaches with this role or a higher one; for viewer also the '
    'configuration of a chat server''s domain. Never raises.';

create or replace function frontdesk.accessible_domain_names(at_least text default 'viewer')
returns setof text
language plpgsql stable security definer parallel safe rows 10
as $$
declare
    organization_ids constant uuid[] := array (select frontdesk.accessible_organization_ids(at_least));
    -- Never equal to a name unless a viewer's rank is enough.
    claimed constant text := case when at_least = 'viewer' then frontdesk.claimed_domain() end;
begin
    return query
        select d.domain
        from domains as d
        where d.organization_id = any (organization_ids)
            or (d.domain = claimed and d.organization_id is not null)
        union
        select c.domain
        from customer_configs as c
        where c.organization_id = any (organization_ids)
            or (c.domain = claimed and c.organization_id is not null);
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
    if resolve_domain.domain ~* '^\s*[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\s*$' then
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
            and (is_operator or d.id in (select frontdesk.accessible_domain_ids(at_least)));
end
$$;

comment on function frontdesk.resolve_domain is
    'The ids, name and owner of a domain, given its name in any spelling or its id as text; active is false when '
    'the domain or its configuration is switched off. No row when it is unknown or the caller''s role is too low. '
    'Never raises.';

-- Definer: tells an organization that the caller may not see from one in which a role is missing.
create or replace function frontdesk.require_role(organization_id uuid, at_least text)
returns void
language plpgsql stable security definer
as $$
begin
    if frontdesk.caller_is_operator() then
        if exists (select from organizations as o where o.id = require_role.organization_id) then
            return;
        end if;
    elsif organization_id in (select frontdesk.accessible_organization_ids(at_least)) then
        return;
    elsif organization_id in (select frontdesk.accessible_organization_ids()) then
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
    'when the role is too low, P0002 when the organization is unknown or somebody else''s.';

-- Definer: people may not insert into organizations; this also makes the caller its owner.
create or replace function frontdesk.create_organization(name text, slug text)
returns uuid
language plpgsql volatile security definer
as $$
declare
    caller uuid := frontdesk.current_user_id();
    created uuid;
begin
    if caller is null then
        raise exception using
            errcode = 'insufficient_privilege',
            message = 'creating an organization needs a signed-in person',
            hint = 'Set request.jwt.claims, or call frontdesk.act_as(user_id => ...) first.';
    elsif coalesce(btrim(create_organization.name), '') = '' then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = 'the name of an organization must not be empty',
            hint = 'Give the name that people see, such as Acme Ltd.';
    elsif create_organization.slug !~ '^[a-z0-9]+(-[a-z0-9]+)*$' or length(create_organization.slug) > 63
        or create_organization.slug is null
    then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = 'a slug has 1 to 63 lower-case letters, digits and single hyphens between them',
            hint = 'For example acme-shop.';
    end if;
    insert into organizations (name, slug)
    values (btrim(create_organization.name), create_organization.slug)
    on conflict do nothing
    returning id into created;
    if created is null then
        raise exception using
            errcode = 'unique_violation',
            message = format('the slug "%s" is already taken', create_organization.slug),
            hint = 'Choose another slug.';
    end if;
    insert into organization_members (organization_id, user_id, role)
    values (created, caller, 'owner');
    return created;
end
$$;

comment on function frontdesk.create_organization is
    'Creates an organization, makes the signed-in person its owner and returns its id. Raises 42501 when nobody '
    'is signed in, 22023 for an empty name or a malformed slug, 23505 when the slug is taken.';

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

-- Definer: counts invitations, which members below admin do not see.
create or replace function frontdesk.seat_usage(organization_id uuid)
returns table (max_seats integer, members bigint, pending_invitations bigint, available bigint)
language plpgsql stable security definer rows 1
as $$
begin
    perform frontdesk.require_role(seat_usage.organization_id, 'viewer');
    return query
        select o.max_seats, m.taken, i.reserved, greatest(o.max_seats - m.taken - i.reserved, 0)
        from organizations as o
        cross join lateral (
            select count(*) as taken
            from organization_members as om
            where om.organization_id = o.id
        ) as m
        cross join lateral (
            select count(*) as reserved
            from organization_invitations as oi
            where oi.organization_id = o.id and oi.accepted_at is null and oi.expires_at > now()
        ) as i
        where o.id = seat_usage.organization_id;
end
$$;

comment on function frontdesk.seat_usage is
    'The seats of an organization: allowed (NULL: no limit), taken by members, reserved by open invitations that '
    'have not expired, and available. Raises P0002 when the organization is unknown or somebody else''s.';

-- Acting for a person or for a domain from any client: claims first, then the role, both until the
-- end of the transaction. Invoker: a role can be set only by a session that may set it, so the
-- login role must be a member of the role acted as; that and EXECUTE are granted by the operator:
--
--   grant authenticated, chat_server to gateway;
--   grant usage on schema frontdesk to gateway;
--   grant execute on function frontdesk.act_as(uuid), frontdesk.act_as(text) to gateway;

create or replace function frontdesk.act_as(user_id uuid)
returns void
language plpgsql volatile
as $$
begin
    if user_id is null then
        raise exception using
            errcode = 'null_value_not_allowed',
            message = 'argument "user_id" must not be null',
            hint = 'Roll back to act for nobody.';
    end if;
    perform set_config('request.jwt.claims',
        json_build_object('sub', user_id, 'role', 'authenticated')::text, true);
    -- What an older gateway set for this connection must not speak for somebody else.
    perform set_config('request.jwt.claim.sub', '', true);
    perform set_config('role', 'authenticated', true);
end
$$;

comment on function frontdesk.act_as(uuid) is
    'Acts as this person, with the role authenticated, from the next statement to the end of the transaction. '
    'Raises 42501 when the session may not take that role, 22004 for NULL. To act for another, first reset role.';

create or replace function frontdesk.act_as(domain text)
returns void
language plpgsql volatile
as $$
begin
    perform set_config('request.jwt.claims',
        json_build_object('role', 'chat_server', 'domain', domain)::text, true);
    perform set_config('request.jwt.claim.sub', '', true);
    perform set_config('role', 'chat_server', true);
    if frontdesk.claimed_domain() is null then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = 'act_as needs the name of a domain',
            hint = 'Give a host name such as shop.example.com; a person is act_as(user_id => ...).';
    end if;
end
$$;

comment on function frontdesk.act_as(text) is
    'Acts as the chat server of this domain, with the role chat_server, from the next statement to the end of the '
    'transaction. Raises 42501 when the session may not take that role, 22023 for text that is not a host name. '
    'To act for another, first reset role.';

comment on function frontdesk.current_user_id is
    'The id of the signed-in person: the sub of the request''s claims. NULL when nobody is signed in, the claims are '
    'malformed or have expired. Never raises.';
comment on function frontdesk.claimed_domain is
    'The one domain that a chat server acts for: the domain of the request''s claims when their role is chat_server, '
    'otherwise NULL. Never raises.';
comment on function frontdesk.caller_is_operator is
    'Whether the caller is a superuser or has the privileges of service_role; inside a SECURITY DEFINER function this '
    'still speaks of the role that called it.';
comment on function frontdesk.normalize_domain is
    'The one spelling of a domain name: lower case, without scheme, port, path, leading www. and trailing dot. Raises '
    '22023 for text that is not a host name.';
comment on function frontdesk.canonical_domain is
    'A domain name in its one spelling; text that is no host name comes back as it is.';
