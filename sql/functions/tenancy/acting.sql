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

-- As above, for the one function that asks for an address. To be granted with the others where it is called:
--
--   grant execute on function frontdesk.act_as(uuid, text) to gateway;

create or replace function frontdesk.act_as(user_id uuid, verified_email text)
returns void
language plpgsql volatile
as $$
begin
    if user_id is null or verified_email is null then
        raise exception using
            errcode = 'null_value_not_allowed',
            message = 'arguments "user_id" and "verified_email" must not be null',
            hint = 'Leave the address out when it is not verified.';
    end if;
    perform set_config('request.jwt.claims',
        json_build_object(
            'sub', user_id, 'role', 'authenticated', 'email', verified_email, 'email_verified', true
        )::text, true);
    perform set_config('request.jwt.claim.sub', '', true);
    perform set_config('role', 'authenticated', true);
end
$$;

comment on function frontdesk.act_as(uuid, text) is
    'Acts as this person, who has proved to own this e-mail address: what accept_invitation asks for. Otherwise as '
    'act_as(user_id).';

create or replace function frontdesk.act_as(domain text)
returns void
language plpgsql volatile
as $$
begin
    if domain is null then
        raise exception using
            errcode = 'null_value_not_allowed',
            message = 'argument "domain" must not be null',
            hint = 'Give a host name such as shop.example.com.';
    end if;
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
    'transaction. Raises 42501 when the session may not take that role, 22023 for text that is not a host name, 22004 for NULL. '
    'To act for another, first reset role.';
