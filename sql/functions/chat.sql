-- A chat turn's writes: a conversation is begun or gone on with, messages are added, and it ends.
--
-- Whoever writes to a conversation holds its row until the transaction ends. So messages get their ordinals in the order in
-- which they are committed, two retries of one request come one after the other, and an erasure sees all messages or is
-- first. The lock is not taken before the caller is known to reach the conversation.

create or replace function frontdesk.least_chat_role()
returns text
language plpgsql stable
as $$
begin
    return case when frontdesk.claimed_domain() is null then 'member' else 'viewer' end;
end
$$;

comment on function frontdesk.least_chat_role is
    'The least role with which the caller writes what a chat turn writes: a chat server has that of a viewer in its own '
    'domain, people have to be members.';

create or replace function frontdesk.merge_metadata(stored jsonb, given jsonb)
returns jsonb
language plpgsql immutable
as $$
declare
    merged constant jsonb := coalesce(stored, '{}') || given;
begin
    if octet_length(merged::text) > 1048576 then
        raise exception using
            errcode = 'program_limit_exceeded',
            message = 'the metadata would grow above 1 MB as text',
            hint = 'Give a key once more with null or a short value in place of what it holds.';
    end if;
    return merged;
end
$$;

comment on function frontdesk.merge_metadata is
    'The stored object with the keys of the given one put in. Raises 54000 when that is above 1 MB as text.';

-- The newest conversation of a session that has not ended, and is not another customer's.
create or replace function frontdesk.go_on_with_conversation(
    in_domain uuid, of_session text, of_customer uuid, given jsonb
)
returns uuid
language plpgsql volatile
as $$
declare
    running uuid;
begin
    select c.id into running
    from conversations as c
    where c.session_id = of_session and c.domain_id = in_domain and c.ended_at is null
        and (c.customer_id is null or of_customer is null or c.customer_id = of_customer)
    order by c.started_at desc, c.id
    limit 1;

    update conversations as c
    set customer_id = coalesce(c.customer_id, of_customer), metadata = frontdesk.merge_metadata(c.metadata, given)
    where c.id = running
        and (
            (c.customer_id is null and of_customer is not null)
            or c.metadata is distinct from coalesce(c.metadata, '{}') || given
        );
    return running;
end
$$;

comment on function frontdesk.go_on_with_conversation is
    'The running conversation of a session, with the customer filled in and metadata merged; NULL when there is none.';

-- Definer: conversations are written through functions only; a chat server writes those of its own domain.
create or replace function frontdesk.start_conversation(
    domain text, session_id text, customer_id uuid default null, metadata jsonb default '{}'
)
returns table (conversation_id uuid, is_new boolean)
language plpgsql volatile security definer rows 1
as $$
declare
    target record;
begin
    perform frontdesk.require_text('session_id', session_id);
    perform frontdesk.require_object('metadata', metadata);
    if octet_length(session_id) > 1000 then
        raise exception using
            errcode = 'program_limit_exceeded',
            message = format('a session id of %s bytes is above the limit of 1000', octet_length(session_id)),
            hint = 'Give a random id and keep what belongs to it in metadata.';
    end if;
    select * into target from frontdesk.require_domain(domain, frontdesk.least_chat_role());
    perform frontdesk.require_active(target.active);

    is_new := false;
    conversation_id := frontdesk.go_on_with_conversation(target.domain_id, session_id, customer_id, metadata);
    if conversation_id is null then
        -- Of two first requests of a session the second finds what the first has begun.
        perform pg_advisory_xact_lock(
            hashtextextended('frontdesk.start_conversation', 0)
            # hashtextextended(concat(target.domain_id, ' ', session_id), 0)
        );
        conversation_id := frontdesk.go_on_with_conversation(target.domain_id, session_id, customer_id, metadata);
    end if;
    if conversation_id is null then
        insert into conversations as c (domain_id, session_id, customer_id, metadata)
        select d.id, start_conversation.session_id, start_conversation.customer_id, start_conversation.metadata
        from domains as d
        where d.id = target.domain_id
        for key share
        returning c.id into conversation_id;
        if not found then
            -- It was removed meanwhile.
            perform frontdesk.require_domain(domain, 'viewer');
        end if;
        is_new := true;
    end if;
    return next;
end
$$;

comment on function frontdesk.start_conversation is
    'The running conversation of a visitor''s session with a domain, begun when there is none, and whether it is new: call it '
    'at each turn. metadata is merged into the conversation''s, key by key, and customer_id filled in when it is empty; a '
    'session in which another customer is known gets another conversation. For the chat server of the domain, members, '
    'admins, owners and operators. Raises 22023 for a blank session_id and metadata that is no object, 42501 when the role is '
    'too low, P0002 when the domain is unknown or somebody else''s, 54000 for a session_id above 1,000 bytes or metadata above '
    '1 MB, 55000 when the domain is not active, 22004 for a NULL domain, session_id or metadata.';

create or replace function frontdesk.refuse_conversation()
returns void
language plpgsql immutable parallel safe
as $$
begin
    raise exception using
        errcode = 'no_data_found',
        message = 'the conversation does not exist or is not yours',
        hint = 'Begin one with frontdesk.start_conversation(domain, session_id).';
end
$$;

comment on function frontdesk.refuse_conversation is
    'Raises P0002: one answer for a conversation that does not exist and one of somebody else.';

-- Definer: tells a conversation that the caller may not see from one in which a role is missing, and locks it.
create or replace function frontdesk.lock_conversation(conversation_id uuid)
returns table (domain_id uuid, ended_at timestamptz)
language plpgsql volatile security definer rows 1
as $$
declare
    is_operator constant boolean := frontdesk.caller_is_operator();
    reached constant uuid[] := frontdesk.accessible_domain_id_array(frontdesk.least_chat_role());
begin
    perform frontdesk.require_value('conversation_id', conversation_id);
    select c.domain_id, c.ended_at into domain_id, ended_at
    from conversations as c
    where c.id = lock_conversation.conversation_id and (is_operator or c.domain_id = any (reached))
    for no key update;
    if found then
        return next;
        return;
    elsif exists (
        select from conversations as c
        where c.id = lock_conversation.conversation_id and c.domain_id = any (frontdesk.accessible_domain_id_array())
    ) then
        raise exception using
            errcode = 'insufficient_privilege',
            message = 'this needs the role member or a higher one in the domain''s organization',
            hint = 'Ask an admin of the organization.';
    end if;
    perform frontdesk.refuse_conversation();
end
$$;

comment on function frontdesk.lock_conversation is
    'The domain and end of a conversation that the caller may write to; until the end of the transaction nobody else does. '
    'Raises 42501 when the role is too low, P0002 when the conversation is unknown or somebody else''s, 22004 for NULL.';

create or replace function frontdesk.message_id(conversation_id uuid, idempotency_key text)
returns uuid
language plpgsql immutable strict
as $$
declare
    digest bytea := substr(sha256(convert_to(concat(conversation_id, ' ', idempotency_key), 'UTF8')), 1, 16);
begin
    digest := set_byte(digest, 6, get_byte(digest, 6) & 15 | 128);
    digest := set_byte(digest, 8, get_byte(digest, 8) & 63 | 128);
    return encode(digest, 'hex')::uuid;
end
$$;

comment on function frontdesk.message_id is
    'The id of the one message of a conversation with this idempotency key: a digest of both (SHA-256, as a UUID of version 8, '
    'RFC 9562). NULL for NULL.';

create or replace function frontdesk.require_message(role text, content text, metadata jsonb, idempotency_key text)
returns void
language plpgsql immutable
as $$
begin
    perform frontdesk.require_value('role', role);
    perform frontdesk.require_text('content', content);
    perform frontdesk.require_object('metadata', metadata);
    if role not in ('user', 'assistant', 'system') then
        -- What was given may be the content in the wrong place, so it is not repeated.
        raise exception using
            errcode = 'invalid_parameter_value',
            message = 'argument "role" must be user, assistant or system',
            hint = 'Note calls of tools in the metadata of the assistant''s message.';
    elsif octet_length(content) > 1048576 then
        raise exception using
            errcode = 'program_limit_exceeded',
            message = 'content must be at most 1 MB',
            hint = 'Keep documents elsewhere and their addresses in the metadata.';
    elsif btrim(idempotency_key) = '' or octet_length(idempotency_key) > 1000 then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = 'argument "idempotency_key" must have 1 to 1,000 bytes',
            hint = 'Give a random id that the client makes once for each message and sends again when it tries again.';
    end if;
end
$$;

comment on function frontdesk.require_message is
    'Raises 22004, 22023 or 54000 for a message that add_message does not take.';

-- Definer: messages are written through functions only; a chat server writes those of its own domain.
create or replace function frontdesk.add_message(
    conversation_id uuid, role text, content text, metadata jsonb default '{}', idempotency_key text default null
)
returns table (message_id uuid, ordinal bigint, created_at timestamptz, is_new boolean)
language plpgsql volatile security definer rows 1
as $$
declare
    conversation record;
    known record;
begin
    perform frontdesk.require_message(role, content, metadata, idempotency_key);
    select * into conversation from frontdesk.lock_conversation(conversation_id);
    perform frontdesk.require_active(r.active) from frontdesk.resolve_domain(conversation.domain_id::text) as r;

    is_new := false;
    message_id := coalesce(frontdesk.message_id(conversation_id, idempotency_key), gen_random_uuid());
    select m.role, m.content, m.ordinal, m.created_at into known from messages as m where m.id = message_id;
    if found then
        -- A model that is asked again words its answer differently; people's words are the same.
        if known.role <> add_message.role or (known.content <> add_message.content and known.role <> 'assistant') then
            raise exception using
                errcode = 'invalid_parameter_value',
                message = 'the idempotency key belongs to another message of the conversation',
                hint = 'Make a key for each message, and keep it for trying again.';
        end if;
        ordinal := known.ordinal;
        created_at := known.created_at;
        return next;
        return;
    elsif conversation.ended_at is not null then
        raise exception using
            errcode = 'object_not_in_prerequisite_state',
            message = 'the conversation has ended',
            hint = 'Begin another one with frontdesk.start_conversation(domain, session_id).';
    end if;

    -- A retry that runs on an older snapshot than the first message fails here, to be tried again (40001).
    insert into messages as m (id, conversation_id, role, content, metadata, created_at)
    values (
        message_id, add_message.conversation_id, add_message.role, add_message.content, add_message.metadata,
        clock_timestamp()
    )
    on conflict (id) do nothing
    returning m.ordinal, m.created_at, true into ordinal, created_at, is_new;
    return next;
end
$$;

comment on function frontdesk.add_message is
    'Adds a message to a conversation: its id, its ordinal (which grows in the order of messages, also of concurrent '
    'writers), its time and whether it is new. With an idempotency_key a message is added once per conversation: a request '
    'that is tried again gets the first message back, also after the conversation has ended. For the chat server of the '
    'domain, members, admins, owners and operators. Raises 22023 for a role other than user, assistant and system, blank '
    'content, metadata that is no object and a key that belongs to another message, 42501 when the role is too low, P0002 '
    'when the conversation is unknown or somebody else''s, 54000 for content or metadata above 1 MB, 55000 when the '
    'conversation has ended or the domain is not active, 22004 for a NULL conversation_id, role, content or metadata.';

-- Definer: conversations are written through functions only; a chat server writes those of its own domain.
create or replace function frontdesk.end_conversation(conversation_id uuid, metadata jsonb default '{}')
returns boolean
language plpgsql volatile security definer
as $$
begin
    perform frontdesk.require_object('metadata', metadata);
    perform frontdesk.lock_conversation(conversation_id);
    update conversations as c
    set ended_at = clock_timestamp(), metadata = frontdesk.merge_metadata(c.metadata, end_conversation.metadata)
    where c.id = conversation_id and c.ended_at is null;
    return found;
end
$$;

comment on function frontdesk.end_conversation is
    'Ends a conversation, so that nothing more is added and the next turn of the session begins another; metadata is merged '
    'into the conversation''s. False, and nothing is changed, when it had ended before. For the chat server of the domain, '
    'members, admins, owners and operators. Raises 22023 for metadata that is no object, 42501 when the role is too low, '
    'P0002 when the conversation is unknown or somebody else''s, 54000 for metadata above 1 MB, 22004 for NULL.';

create or replace function frontdesk.recent_messages(
    conversation_id uuid, message_count integer default 20, budget integer default null, unit text default 'characters'
)
returns table (message_id uuid, ordinal bigint, role text, content text, metadata jsonb, created_at timestamptz)
language plpgsql stable rows 20
as $$
declare
    newer record;
    used bigint := 0;
    oldest bigint;
begin
    perform frontdesk.require_value('conversation_id', conversation_id);
    perform frontdesk.require_value('message_count', message_count);
    if message_count not between 1 and 1000 then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = format('message_count must be between 1 and 1000, got %s', message_count),
            hint = 'Give a budget to get what fits into a prompt.';
    elsif budget <= 0 then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = format('budget must be above 0, got %s', budget),
            hint = 'Give for example budget => 2000, unit => ''tokens'', or leave it out.';
    end if;
    -- Refuses an unknown unit, also where there is nothing to measure.
    perform frontdesk.text_size('', unit);
    perform frontdesk.require_active(r.active)
    from conversations as c
    cross join frontdesk.resolve_domain(c.domain_id::text) as r
    where c.id = recent_messages.conversation_id;
    if not found then
        perform frontdesk.refuse_conversation();
    end if;

    for newer in
        select m.ordinal, m.content
        from messages as m
        where m.conversation_id = recent_messages.conversation_id
        order by m.ordinal desc
        limit message_count
    loop
        if budget is not null then
            used := used + frontdesk.text_size(newer.content, unit);
            exit when used > budget;
        end if;
        oldest := newer.ordinal;
    end loop;
    return query
        select m.id, m.ordinal, m.role, m.content, m.metadata, m.created_at
        from messages as m
        where m.conversation_id = recent_messages.conversation_id and m.ordinal >= oldest
        order by m.ordinal;
end
$$;

comment on function frontdesk.recent_messages is
    'The newest messages of a conversation, the oldest of them first: at most message_count (1 to 1,000), and with a budget as '
    'many as fit into it whole, in characters or, with unit tokens, in tokens of cl100k_base, which leaves what a model''s '
    'chat format adds to each message to you. For whoever may read the conversation. Raises P0002 when it is unknown or '
    'somebody else''s, 55000 when its domain is not active, 22023 for numbers out of range and another unit, 22004 for NULL.';

-- The newest messages of a long conversation come from the end of its index, not from a bitmap of all of them.
alter function frontdesk.recent_messages set enable_bitmapscan = off;

comment on function frontdesk.text_size is
    'How large a text is: its characters, or with unit tokens its tokens of OpenAI''s cl100k_base vocabulary.';
