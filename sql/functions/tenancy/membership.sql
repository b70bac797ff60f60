-- Who joins an organization, with what role, and who leaves it.
--
-- Every function that changes members or invitations first takes the organization for itself (require_role_alone), so that
-- what it decides on still holds when it writes. The rules themselves (seats, the last owner) are triggers: they bind
-- direct writes too.

create or replace function frontdesk.normal_email(email text)
returns text
language sql immutable strict parallel safe
return lower(btrim(email, E' \t\r\n'));

comment on function frontdesk.normal_email is
    'An e-mail address in the spelling in which invitations hold it: lower case, no white space around it.';

-- Definer: writes an invitation with a token that only the caller gets to see.
create or replace function frontdesk.invite_member(
    organization_id uuid, email text, role text, expires_in interval default '7 days'
)
returns table (invitation_id uuid, token text)
language plpgsql volatile security definer rows 1
as $$
declare
    address constant text := frontdesk.normal_email(email);
    -- An operator who is no person invites in nobody's name.
    inviter constant uuid := coalesce(frontdesk.current_user_id(), '00000000-0000-0000-0000-000000000000');
begin
    perform frontdesk.require_value('email', email);
    perform frontdesk.require_value('role', role);
    perform frontdesk.require_value('expires_in', expires_in);
    -- Admins and owners alone come further, and invitations reach no higher than admin: never above the caller's own rank.
    perform frontdesk.require_role_alone(organization_id, 'admin');
    perform frontdesk.check_invitation(address, role, expires_in);

    invite_member.token := frontdesk.random_token();
    insert into organization_invitations (organization_id, email, token, role, invited_by, expires_at)
    values (
        invite_member.organization_id, address, frontdesk.text_hash(invite_member.token), invite_member.role,
        inviter, now() + invite_member.expires_in
    )
    on conflict do nothing
    returning id into invitation_id;
    if invitation_id is null then
        raise exception using
            errcode = 'unique_violation',
            message = 'this address has an open invitation to the organization',
            hint = 'Withdraw it with frontdesk.revoke_invitation(invitation_id) to send another.';
    end if;
    return next;
end
$$;

comment on function frontdesk.invite_member is
    'Invites an e-mail address as admin, member or viewer and returns the token to send there: 64 hexadecimal digits, '
    'returned this once, stored as a digest. The invitation takes a seat until it is accepted, withdrawn or expired. For '
    'admins, owners and operators. Raises 22023 for something that is no address, another role or a time that is not '
    'between nothing and 90 days, 42501 when the role is too low, P0002 when the organization is unknown or somebody '
    'else''s, 23505 when the address has an open invitation, 23514 without a free seat, 22004 for NULL.';

create or replace function frontdesk.check_invitation(address text, role text, expires_in interval)
returns void
language plpgsql stable
as $$
begin
    perform frontdesk.check_email(address);
    if role <> all (array['admin', 'member', 'viewer']) then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = 'the role of an invitation must be admin, member or viewer',
            hint = 'An owner makes another: select frontdesk.change_member_role(organization_id, user_id, ''owner'');';
    elsif expires_in <= interval '0' or expires_in > interval '90 days' then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = format('expires_in must be more than nothing and at most 90 days, got %s', expires_in),
            hint = 'Leave it out for 7 days.';
    end if;
end
$$;

comment on function frontdesk.check_invitation is
    'Raises 22023 for an address, role or time that an invitation cannot have.';

create or replace function frontdesk.check_email(address text)
returns void
language plpgsql immutable
as $$
begin
    -- 254 characters is what a mail server accepts (RFC 5321, 4.5.3.1.3). Whether it exists only a mail can tell.
    if address !~ '^[^[:space:][:cntrl:]@]+@[^[:space:][:cntrl:]@]+$' or length(address) > 254 then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = 'email must be an e-mail address of at most 254 characters',
            hint = 'Give an address such as jane@example.com, without a name around it.';
    end if;
end
$$;

comment on function frontdesk.check_email is
    'Raises 22023 for text that cannot be an e-mail address.';

-- Definer: the invited see neither the invitation nor the organization before they are members of it.
create or replace function frontdesk.accept_invitation(token text)
returns table (organization_id uuid, role text)
language plpgsql volatile security definer rows 1
as $$
declare
    caller constant uuid := frontdesk.current_user_id();
    address constant text := frontdesk.normal_email(frontdesk.verified_email());
    digest constant text := frontdesk.text_hash(btrim(token));
    invitation record;
begin
    perform frontdesk.require_value('token', token);
    if caller is null then
        raise exception using
            errcode = 'insufficient_privilege',
            message = 'accepting an invitation needs a signed-in person',
            hint = 'Sign in with the address to which the invitation was sent.';
    elsif address is null then
        raise exception using
            errcode = 'insufficient_privilege',
            message = 'accepting an invitation needs a verified e-mail address',
            hint = 'The claims must have "email", and "email_verified": true beside it or in "app_metadata".';
    end if;

    -- First the organization, as everybody who changes members, then in a statement of its own a look at the invitation.
    update organizations as o
    set name = o.name
    from organization_invitations as i
    where i.token = digest and i.accepted_at is null and o.id = i.organization_id;
    select i.* into invitation
    from organization_invitations as i
    where i.token = digest and i.accepted_at is null and i.expires_at > now()
        and frontdesk.may_still_invite(i.organization_id, i.invited_by)
    for update;
    if invitation.id is null then
        raise exception using
            errcode = 'no_data_found',
            message = 'the invitation is unknown, used, withdrawn or expired',
            hint = 'Ask who invited you for another invitation.';
    elsif invitation.email <> address then
        raise exception using
            errcode = 'insufficient_privilege',
            message = 'the invitation is for another e-mail address',
            hint = 'Sign in with the address to which the invitation was sent.';
    end if;

    -- In this order the seat passes from the invitation to the member.
    update organization_invitations as i set accepted_at = now() where i.id = invitation.id;
    insert into organization_members (organization_id, user_id, role)
    values (invitation.organization_id, caller, invitation.role)
    on conflict on constraint unique_organization_user do nothing;
    if not found then
        raise exception using
            errcode = 'unique_violation',
            message = 'you are already a member of the organization',
            hint = 'An admin changes your role with frontdesk.change_member_role(organization_id, user_id, role).';
    end if;
    return query select invitation.organization_id, invitation.role;
end
$$;

comment on function frontdesk.accept_invitation is
    'Makes the signed-in person a member of the organization that sent the token, and returns it and the role. The claims '
    'must hold the address that was invited, in any case, as verified: "email_verified": true beside "email" or in '
    '"app_metadata"; Supabase''s "user_metadata" does not count, as people write it themselves. Raises 42501 when nobody '
    'is signed in or the address is missing, not verified or another, P0002 when the invitation is unknown, used, '
    'withdrawn or expired or who sent it is no admin any more, 23505 for a member, 23514 without a free seat, 22004 for NULL.';

-- Definer: reads the members of any organization; no role may call it. Without it a removed admin could come back
-- through an invitation that was written by hand, or while the removal was under way.
create or replace function frontdesk.may_still_invite(organization_id uuid, inviter uuid)
returns boolean
language plpgsql stable security definer
as $$
begin
    -- The inviter whom invite_member writes for an operator.
    return inviter = '00000000-0000-0000-0000-000000000000' or exists (
        select from organization_members as m
        where m.organization_id = may_still_invite.organization_id and m.user_id = inviter
            and m.role in ('admin', 'owner')
    );
end
$$;

comment on function frontdesk.may_still_invite is
    'Whether an inviter is still an admin or owner of the organization, or was an operator.';

-- Definer: an operator may withdraw without a policy, and one answer must do for unknown and foreign ones.
create or replace function frontdesk.revoke_invitation(invitation_id uuid)
returns void
language plpgsql volatile security definer
as $$
begin
    perform frontdesk.require_value('invitation_id', invitation_id);
    delete from organization_invitations as i
    where i.id = revoke_invitation.invitation_id and i.accepted_at is null
        and (
            frontdesk.caller_is_operator()
            or i.organization_id = any ((select frontdesk.accessible_organization_id_array('admin'))::uuid[])
        );
    if not found then
        raise exception using
            errcode = 'no_data_found',
            message = 'there is no such open invitation, or it is not yours to withdraw',
            hint = 'select id, email from organization_invitations where accepted_at is null; lists what an admin may withdraw.';
    end if;
end
$$;

comment on function frontdesk.revoke_invitation is
    'Withdraws an open invitation: its token is worth nothing and its seat is free. For admins, owners and operators. '
    'Raises P0002 when there is no such open invitation in an organization of which the caller is an admin, 22004 for NULL.';

-- Definer: operators change roles without a policy, and one answer must do for unknown and foreign organizations.
create or replace function frontdesk.change_member_role(organization_id uuid, user_id uuid, role text)
returns void
language plpgsql volatile security definer
as $$
declare
    present text;
begin
    perform frontdesk.require_value('user_id', user_id);
    perform frontdesk.require_value('role', role);
    perform frontdesk.require_role_alone(organization_id, 'admin');
    if frontdesk.role_rank(role) is null then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = 'the role of a member must be viewer, member, admin or owner',
            hint = 'Give one of these four words.';
    end if;
    present := frontdesk.role_of_member(organization_id, user_id);
    -- Who is an admin here reaches every role but the highest.
    if 'owner' in (present, role) then
        perform frontdesk.require_role(organization_id, 'owner');
    end if;
    update organization_members as m
    set role = change_member_role.role
    where m.organization_id = change_member_role.organization_id and m.user_id = change_member_role.user_id;
    if role not in ('admin', 'owner') then
        perform frontdesk.withdraw_invitations_of(organization_id, user_id);
    end if;
end
$$;

comment on function frontdesk.change_member_role is
    'Gives a member of an organization another role: viewer, member, admin or owner. Below admin the invitations that the '
    'member has sent and nobody accepted are withdrawn. For admins, who neither make nor change an owner, owners and '
    'operators. Raises 22023 for another role, 42501 when the caller''s role is too low, P0002 when the organization is '
    'unknown or somebody else''s or has no such member, 23514 for the last owner, 22004 for NULL.';

-- Definer: as change_member_role.
create or replace function frontdesk.remove_member(organization_id uuid, user_id uuid)
returns void
language plpgsql volatile security definer
as $$
declare
    is_leaving constant boolean := coalesce(user_id = frontdesk.current_user_id(), false);
begin
    perform frontdesk.require_value('user_id', user_id);
    perform frontdesk.require_role_alone(organization_id, case when is_leaving then 'viewer' else 'admin' end);
    if frontdesk.role_of_member(organization_id, user_id) = 'owner' and not is_leaving then
        perform frontdesk.require_role(organization_id, 'owner');
    end if;
    delete from organization_members as m
    where m.organization_id = remove_member.organization_id and m.user_id = remove_member.user_id;
    perform frontdesk.withdraw_invitations_of(organization_id, user_id);
end
$$;

comment on function frontdesk.remove_member is
    'Removes a member from an organization, and the invitations that the member has sent and nobody accepted. Everybody may '
    'leave; others are removed by admins, owners by owners, all by operators. Raises 42501 when the caller''s role is too '
    'low, P0002 when the organization is unknown or somebody else''s or has no such member, 23514 for the last owner, '
    '22004 for NULL.';

-- Definer: reads the members of any organization; no role may call it.
create or replace function frontdesk.role_of_member(organization_id uuid, user_id uuid)
returns text
language plpgsql stable security definer
as $$
declare
    present constant text := (
        select m.role
        from organization_members as m
        where m.organization_id = role_of_member.organization_id and m.user_id = role_of_member.user_id
    );
begin
    if present is null then
        raise exception using
            errcode = 'no_data_found',
            message = 'the organization has no such member',
            hint = 'select user_id, role from organization_members; lists the members.';
    end if;
    return present;
end
$$;

comment on function frontdesk.role_of_member is
    'The role of a member. Raises P0002 when the organization has no such member.';

-- Definer: deletes invitations; no role may call it. Their tokens are refused anyway, this frees their seats.
create or replace function frontdesk.withdraw_invitations_of(organization_id uuid, inviter uuid)
returns void
language plpgsql volatile security definer
as $$
begin
    delete from organization_invitations as i
    where i.organization_id = withdraw_invitations_of.organization_id and i.invited_by = inviter and i.accepted_at is null;
end
$$;

comment on function frontdesk.withdraw_invitations_of is
    'Deletes the open invitations that one person has sent for an organization.';

comment on function frontdesk.random_token is 'A secret of 256 random bits as 64 hexadecimal digits.';
comment on function frontdesk.verified_email is
    'The e-mail address of the request''s claims when they say that it is verified, otherwise NULL. Never raises.';
