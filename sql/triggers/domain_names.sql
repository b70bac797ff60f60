-- One spelling of a domain name, owned by one organization.
--
-- frontdesk_internal.domain_names has one row per name that domains (as name or alias) or customer_configs hold. It is the
-- lock under which a name is claimed and released, and remembers whose it is. The tables stay the truth: a registry that
-- was lost is rebuilt as names are written.

-- Security definer: looks at every tenant's names; no role may call it, the triggers do.
create or replace function frontdesk.domain_name_holders(wanted text)
returns table (kind text, id uuid, organization_id uuid)
language sql
stable
security definer
as $$
    select 'domains', d.id, d.organization_id from domains as d where d.domain = wanted
    union all
    select 'customer_configs', c.id, c.organization_id from customer_configs as c where c.domain = wanted
    union all
    select 'alias', d.id, d.organization_id from domains as d where d.aliases @> array[wanted]
$$;

comment on function frontdesk.domain_name_holders(text) is
    'The rows that hold a domain name: of domains, of customer_configs, or of domains as an alias.';

-- Security definer: writes the registry; no role may call it, the triggers do.
create or replace function frontdesk.lock_domain_name(wanted text)
returns uuid
language plpgsql
security definer
as $$
declare
    holder uuid;
    is_new boolean;
begin
    -- An update that changes nothing, rather than a lock: under REPEATABLE READ the second of two claims then fails
    -- with a serialization error instead of deciding on an old snapshot.
    insert into frontdesk_internal.domain_names as registry (name)
    values (wanted)
    on conflict (name) do update set organization_id = registry.organization_id
    returning registry.organization_id, registry.xmax = 0 into holder, is_new;

    -- Whatever is filed under a name that nobody had was somebody else's. An operator may mean it for the new holder.
    if is_new and not frontdesk.caller_is_operator()
        and not exists (select from frontdesk.domain_name_holders(wanted))
    then
        perform frontdesk.clear_domain_rows(wanted);
    end if;
    return holder;
end
$$;

comment on function frontdesk.lock_domain_name(text) is
    'Takes a domain name for the rest of the transaction, clearing what is filed under it when nobody had it; returns the organization that the registry knows.';

create or replace function frontdesk.refuse_domain_name(wanted text)
returns void
language plpgsql
as $$
begin
    raise exception using
        errcode = '23505',
        message = format('domain name "%s" is already registered', wanted),
        hint = 'A name belongs to one organization. If it is yours, ask the operator to transfer it.';
end
$$;

comment on function frontdesk.refuse_domain_name(text) is
    'Raises 23505: the domain name belongs to somebody.';

-- Security definer: lets the caller claim a name for the row being written, which needs a look at every tenant's names.
create or replace function frontdesk.claim_domain_name()
returns trigger
language plpgsql
security definer
as $$
declare
    holder uuid;
    keeps_name boolean := false;
begin
    new.domain := frontdesk.normalize_domain(new.domain);
    if new.domain is null then
        return new;     -- the NOT NULL constraint answers
    end if;
    holder := frontdesk.lock_domain_name(new.domain);

    -- A row that keeps its name may change hands, unless the other table disagrees; a transfer has told the registry before.
    -- A new name must be free: also of a row that gives it up in this very statement, whose dependent rows have not moved yet.
    if tg_op = 'UPDATE' then
        keeps_name := old.domain = new.domain;
    end if;
    if keeps_name and holder = new.organization_id then
        return new;
    elsif (holder <> new.organization_id and not keeps_name)
        or exists (
            select from frontdesk.domain_name_holders(new.domain) as h
            where not (h.kind = tg_table_name and h.id = new.id)
                -- A domain that takes its own alias as its name gives up the alias in the same statement.
                and not (h.kind = 'alias' and tg_table_name = 'domains' and h.id = new.id)
                and (
                    h.kind = 'alias'
                    or h.organization_id <> new.organization_id
                    -- Nobody's row is the operators' to give away.
                    or (
                        h.organization_id is null and new.organization_id is not null
                        and not frontdesk.caller_is_operator()
                    )
                )
        )
    then
        perform frontdesk.refuse_domain_name(new.domain);
    end if;
    return new;
end
$$;

comment on function frontdesk.claim_domain_name() is
    'Trigger: normalises a domain name and refuses it (23505) when another organization holds it, or nobody and the caller is no operator.';

-- Security definer: lets the caller move or clear the rows of a name that its own statement has just given up.
create or replace function frontdesk.follow_domain_name()
returns trigger
language plpgsql
security definer
as $$
declare
    given_up text;
begin
    if tg_op <> 'DELETE' then
        perform frontdesk.note_domain_holder(new.domain);
    end if;
    if tg_op <> 'INSERT' then
        given_up := old.domain;
    end if;
    if tg_op = 'UPDATE' and old.domain = new.domain then
        given_up := null;
    end if;

    if given_up is not null and not frontdesk.note_domain_holder(given_up) then
        if tg_op = 'UPDATE' then
            perform frontdesk.move_domain_rows(given_up, new.domain);
        end if;
        perform frontdesk.release_domain_name(given_up);
    end if;
    return null;
end
$$;

comment on function frontdesk.follow_domain_name() is
    'Trigger: when the last row that holds a domain name is renamed, everything filed under the old name moves; when it is deleted, everything is cleared and the name is free.';

-- Security definer: deletes tenants' rows and the registry's; no role may call it, the triggers do.
create or replace function frontdesk.release_domain_name(given_up text)
returns void
language plpgsql
security definer
as $$
begin
    perform frontdesk.clear_domain_rows(given_up);
    delete from frontdesk_internal.domain_names where name = given_up;
end
$$;

comment on function frontdesk.release_domain_name(text) is
    'Frees a domain name that no row holds any more, clearing what is filed under it.';

-- Security definer: reads every tenant's names; no role may call it, the triggers do.
create or replace function frontdesk.note_domain_holder(domain_name text)
returns boolean
language plpgsql
security definer
as $$
declare
    known uuid;
    held boolean;
    holder uuid;
begin
    -- First the lock, then (in a statement of its own, with a fresh snapshot) the look.
    select r.organization_id into known from frontdesk_internal.domain_names as r where r.name = domain_name for update;

    -- In the middle of a transfer the rows name two organizations: then the one in the registry, to whom the name goes.
    select count(*) > 0,
        (array_agg(h.organization_id order by (h.organization_id = known) desc nulls last)
            filter (where h.organization_id is not null))[1]
    into held, holder
    from frontdesk.domain_name_holders(domain_name) as h;

    if held then
        update frontdesk_internal.domain_names
        set organization_id = holder
        where name = domain_name and organization_id is distinct from holder;
    end if;
    return held;
end
$$;

comment on function frontdesk.note_domain_holder(text) is
    'Locks a domain name, writes down which organization holds it, and says whether any row still does.';

-- Security definer: TRUNCATE is the table owner's alone; this clears what the truncated names leave behind.
create or replace function frontdesk.release_truncated_names()
returns trigger
language plpgsql
security definer
as $$
declare
    given_up text;
begin
    for given_up in select name from frontdesk_internal.domain_names order by name collate "C" loop
        if not frontdesk.note_domain_holder(given_up) then
            perform frontdesk.release_domain_name(given_up);
        end if;
    end loop;
    return null;
end
$$;

comment on function frontdesk.release_truncated_names() is
    'Trigger: frees the domain names that a TRUNCATE has left without a holder.';

create trigger claim_domain_name before insert or update of domain, organization_id on domains
    for each row execute function frontdesk.claim_domain_name();
create trigger claim_domain_name before insert or update of domain, organization_id on customer_configs
    for each row execute function frontdesk.claim_domain_name();

create trigger follow_domain_name after insert or delete or update of domain, organization_id on domains
    for each row execute function frontdesk.follow_domain_name();
create trigger follow_domain_name after insert or delete or update of domain, organization_id on customer_configs
    for each row execute function frontdesk.follow_domain_name();

create trigger release_truncated_names after truncate on domains
    for each statement execute function frontdesk.release_truncated_names();
create trigger release_truncated_names after truncate on customer_configs
    for each statement execute function frontdesk.release_truncated_names();
