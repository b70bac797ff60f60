-- The aliases of a domain: further names of its site. An alias is owned like a name (domain_names.sql), by one domain.

-- Security definer: lets the caller claim the aliases of the row being written, which needs a look at every tenant's names.
create or replace function frontdesk.claim_domain_aliases()
returns trigger
language plpgsql
security definer
as $$
declare
    wanted text;
    holder uuid;
    is_kept boolean := false;
begin
    new.aliases := array(
        select alias.name
        from (
            select distinct frontdesk.normalize_domain(given.alias) as name
            from unnest(new.aliases) as given (alias)
            where given.alias is not null
        ) as alias
        order by alias.name collate "C"
    );
    new.aliases := array_remove(new.aliases, frontdesk.canonical_domain(new.domain));

    foreach wanted in array new.aliases loop
        if tg_op = 'UPDATE' then
            is_kept := wanted = any (old.aliases);
        end if;
        continue when is_kept and new.organization_id is not distinct from old.organization_id;
        holder := frontdesk.lock_domain_name(wanted);
        if (holder <> new.organization_id and not is_kept)
            or exists (
                select from frontdesk.domain_name_holders(wanted) as h
                where not (h.kind = 'alias' and h.id = new.id)
            )
        then
            perform frontdesk.refuse_domain_name(wanted);
        end if;
    end loop;
    return new;
end
$$;

comment on function frontdesk.claim_domain_aliases() is
    'Trigger: normalises the aliases of a domain and refuses (23505) one that is the name or alias of another.';

-- Security definer: lets the caller clear what is filed under an alias that its own statement has just given up.
create or replace function frontdesk.follow_domain_aliases()
returns trigger
language plpgsql
security definer
as $$
declare
    alias text;
    present text[] := '{}';
    former text[] := '{}';
begin
    if tg_op <> 'DELETE' then
        present := new.aliases;
    end if;
    if tg_op <> 'INSERT' then
        former := old.aliases;
    end if;
    foreach alias in array present loop
        perform frontdesk.note_domain_holder(alias);
    end loop;
    foreach alias in array former loop
        if alias <> all (present) and not frontdesk.note_domain_holder(alias) then
            perform frontdesk.release_domain_name(alias);
        end if;
    end loop;
    return null;
end
$$;

comment on function frontdesk.follow_domain_aliases() is
    'Trigger: an alias that a domain gives up is free, and what is filed under it is cleared.';

create trigger claim_domain_aliases before insert or update of aliases, domain, organization_id on domains
    for each row execute function frontdesk.claim_domain_aliases();
create trigger follow_domain_aliases after insert or delete or update of aliases, domain, organization_id on domains
    for each row execute function frontdesk.follow_domain_aliases();
