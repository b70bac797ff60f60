-- One spelling of a domain name, owned by one organization.
--
-- frontdesk_internal.domain_names has one row per name that domains or customer_configs hold. It is the lock under which a
-- name is claimed and released, and remembers whose it is. The two tables stay the truth: a registry that was lost is
-- rebuilt as names are written.

-- Security definer: lets the caller claim a name for the row being written, which needs a look at every tenant's names.
create or replace function frontdesk.claim_domain_name()
returns trigger
language plpgsql
security definer
as $$
declare
    holder uuid;
begin
    new.domain := frontdesk.normalize_domain(new.domain);
    if new.domain is null then
        return new;     -- the NOT NULL constraint answers
    end if;

    -- An update that changes nothing, rather than a lock: under REPEATABLE READ the second of two claims then fails
    -- with a serialization error instead of deciding on an old snapshot.
    insert into frontdesk_internal.domain_names as registry (name)
    values (new.domain)
    on conflict (name) do update set organization_id = registry.organization_id
    returning registry.organization_id into holder;

    -- A row that keeps its name may change hands, unless the other table disagrees. A new name must be free: also of a
    -- row that gives it up in this very statement, whose dependent rows have not moved yet.
    if tg_op = 'UPDATE' and old.domain = new.domain then
        holder := null;
    end if;

    if holder <> new.organization_id
        or exists (
            select from domains as d
            where d.domain = new.domain and d.organization_id <> new.organization_id
                and not (tg_table_name = 'domains' and d.id = new.id)
        )
        or exists (
            select from customer_configs as c
            where c.domain = new.domain and c.organization_id <> new.organization_id
                and not (tg_table_name = 'customer_configs' and c.id = new.id)
        )
    then
        raise exception using
            errcode = '23505',
            message = format('domain name "%s" is already registered', new.domain),
            hint = 'A name belongs to one organization. If it is yours, ask the operator to transfer it.';
    end if;
    return new;
end
$$;

comment on function frontdesk.claim_domain_name() is
    'Trigger: normalises a domain name and refuses it (23505) when another organization holds it. A row without an organization goes with any.';

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
        else
            perform frontdesk.clear_domain_rows(given_up);
        end if;
        delete from frontdesk_internal.domain_names where name = given_up;
    end if;
    return null;
end
$$;

comment on function frontdesk.follow_domain_name() is
    'Trigger: when the last row that holds a domain name is renamed, everything filed under the old name moves; when it is deleted, everything is cleared and the name is free.';

-- Security definer: reads every tenant's names; no role may call it, the triggers do.
create or replace function frontdesk.note_domain_holder(domain_name text)
returns boolean
language plpgsql
security definer
as $$
declare
    held boolean;
    holder uuid;
begin
    -- First the lock, then (in a statement of its own, with a fresh snapshot) the look.
    perform from frontdesk_internal.domain_names where name = domain_name for update;

    select count(*) > 0, (array_agg(h.organization_id) filter (where h.organization_id is not null))[1]
    into held, holder
    from (
        select d.organization_id from domains as d where d.domain = domain_name
        union all
        select c.organization_id from customer_configs as c where c.domain = domain_name
    ) as h;

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
    for given_up in select name from frontdesk_internal.domain_names order by name loop
        if not frontdesk.note_domain_holder(given_up) then
            perform frontdesk.clear_domain_rows(given_up);
            delete from frontdesk_internal.domain_names where name = given_up;
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
