-- Organizations: how one begins, what it has, how it ends.

-- Definer: people may not insert into organizations; this also makes the caller its owner.
create or replace function frontdesk.create_organization(name text, slug text)
returns uuid
language plpgsql volatile security definer
as $$
declare
    caller uuid := frontdesk.current_user_id();
    created uuid;
begin
    perform frontdesk.require_value('name', name);
    perform frontdesk.require_value('slug', slug);
    if caller is null then
        raise exception using
            errcode = 'insufficient_privilege',
            message = 'creating an organization needs a signed-in person',
            hint = 'Set request.jwt.claims, or call frontdesk.act_as(user_id => ...) first.';
    elsif btrim(create_organization.name) = '' then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = 'the name of an organization must not be empty',
            hint = 'Give the name that people see, such as Acme Ltd.';
    elsif create_organization.slug !~ '^[a-z0-9]+(-[a-z0-9]+)*$' or length(create_organization.slug) > 63 then
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
    'is signed in, 22023 for an empty name or a malformed slug, 23505 when the slug is taken, 22004 for NULL.';

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
    'have not expired, and available. Raises P0002 when the organization is unknown or somebody else''s, 22004 for NULL.';
