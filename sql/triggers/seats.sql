-- Members and pending invitations of an organization never exceed its max_seats (NULL: no limit).
--
-- An invitation holds a seat until it is accepted or expires. Whoever accepts sets accepted_at first and inserts the
-- member then, or does both in one statement: the seat passes from one to the other.

-- Security definer: counts all members and invitations of an organization; no role may call it, the triggers do.
create or replace function frontdesk.enforce_seat_limit(organization uuid)
returns void
language plpgsql
security definer
as $$
declare
    seats integer;
    taken bigint;
begin
    -- An update that changes nothing: takers of seats wait for each other, then count in a statement of their own with a
    -- fresh snapshot; under REPEATABLE READ the second fails with a serialization error.
    update organizations set name = name where id = organization returning max_seats into seats;
    if not found or seats is null then
        return;
    end if;

    select (select count(*) from organization_members as m where m.organization_id = organization)
        + (
            select count(*) from organization_invitations as i
            where i.organization_id = organization and i.accepted_at is null and i.expires_at > now()
        )
    into taken;
    if taken > seats then
        raise exception using
            errcode = '23514',
            message = format('organization has no free seat (max_seats %s)', seats),
            hint = 'Raise max_seats, remove a member or revoke an invitation.';
    end if;
end
$$;

comment on function frontdesk.enforce_seat_limit(uuid) is
    'Raises 23514 when an organization''s members and pending, unexpired invitations exceed its max_seats.';

create or replace function frontdesk.check_seats_of_inserted()
returns trigger
language plpgsql
security definer
as $$
declare
    organization uuid;
begin
    for organization in select distinct organization_id from inserted order by 1 loop
        perform frontdesk.enforce_seat_limit(organization);
    end loop;
    return null;
end
$$;

comment on function frontdesk.check_seats_of_inserted() is
    'Trigger: new members and invitations need a free seat.';

create or replace function frontdesk.check_seats_of_updated()
returns trigger
language plpgsql
security definer
as $$
begin
    perform frontdesk.enforce_seat_limit(new.organization_id);
    return null;
end
$$;

comment on function frontdesk.check_seats_of_updated() is
    'Trigger: a member who moves here and an invitation that is pending again need a free seat.';

create or replace function frontdesk.check_seats_of_organization()
returns trigger
language plpgsql
security definer
as $$
begin
    perform frontdesk.enforce_seat_limit(new.id);
    return null;
end
$$;

comment on function frontdesk.check_seats_of_organization() is
    'Trigger: max_seats cannot be lowered below the seats in use.';

-- Security definer: lets whoever may invite replace an expired invitation of the same address.
create or replace function frontdesk.replace_expired_invitation()
returns trigger
language plpgsql
security definer
as $$
begin
    new.email := frontdesk.normal_email(new.email);
    delete from organization_invitations as i
    where i.organization_id = new.organization_id and i.email = new.email and i.id <> new.id
        and i.accepted_at is null and i.expires_at <= now();
    return new;
end
$$;

comment on function frontdesk.replace_expired_invitation() is
    'Trigger: writes an invitation''s e-mail address in lower case without outer space, and removes an expired invitation of the same address.';

create trigger replace_expired_invitation before insert or update of email on organization_invitations
    for each row execute function frontdesk.replace_expired_invitation();

create trigger check_seats_of_inserted after insert on organization_members
    referencing new table as inserted
    for each statement execute function frontdesk.check_seats_of_inserted();
create trigger check_seats_of_inserted after insert on organization_invitations
    referencing new table as inserted
    for each statement execute function frontdesk.check_seats_of_inserted();

create trigger check_seats_of_updated after update of organization_id on organization_members
    for each row when (new.organization_id <> old.organization_id)
    execute function frontdesk.check_seats_of_updated();
create trigger check_seats_of_updated after update of organization_id, accepted_at, expires_at on organization_invitations
    for each row when (
        new.accepted_at is null
        and (old.accepted_at is not null or new.expires_at > old.expires_at or new.organization_id <> old.organization_id)
    )
    execute function frontdesk.check_seats_of_updated();
create trigger check_seats_of_organization after update of max_seats on organizations
    for each row when (new.max_seats < old.max_seats or old.max_seats is null)
    execute function frontdesk.check_seats_of_organization();
