-- Every change of a chunk's lexemes or of its tenant is noted for the index of words. The note is written in the writer's
-- own transaction, so it is there exactly when the change is. Once a tenant has some notes, the writer folds them into the
-- index, unless somebody else is doing so: search stays fast when nobody calls run_maintenance().

-- Security definer: lets whoever may write chunks note that.
create or replace function frontdesk.note_search_changes()
returns trigger
language plpgsql
security definer
as $$
begin
    if tg_op = 'INSERT' then
        insert into frontdesk_internal.search_changes (domain_id, chunk_id)
        select n.domain_id, n.id from changed as n where n.domain_id is not null;
        perform frontdesk.fold_noted_changes(n.domain_id, n.count)
        from (select c.domain_id, count(*) from changed as c where c.domain_id is not null group by c.domain_id) as n;
    else
        insert into frontdesk_internal.search_changes (domain_id, chunk_id, replaced)
        select o.domain_id, o.id, o.search_vector from changed as o where o.domain_id is not null;
        perform frontdesk.fold_noted_changes(o.domain_id, o.count)
        from (select c.domain_id, count(*) from changed as c where c.domain_id is not null group by c.domain_id) as o;
    end if;
    return null;
end
$$;

comment on function frontdesk.note_search_changes() is
    'Trigger: notes inserted or deleted chunks (transition table "changed") for the index of words.';

-- A worker that stores vectors changes no words and leaves no note.
-- Security definer: as note_search_changes().
create or replace function frontdesk.note_updated_search_changes()
returns trigger
language plpgsql
security definer
as $$
declare
    noted record;
begin
    for noted in
    with differing as materialized (
        select o.id as old_id, o.domain_id as old_domain, o.search_vector as old_vector, n.id, n.domain_id
        from replaced as o
        full join changed as n on n.id = o.id
        where (o.domain_id, o.search_vector) is distinct from (n.domain_id, n.search_vector)
    ),
    noted as (
        insert into frontdesk_internal.search_changes (domain_id, chunk_id, replaced)
        select d.old_domain, d.old_id, d.old_vector from differing as d where d.old_domain is not null
        union all
        select d.domain_id, d.id, null from differing as d where d.domain_id is distinct from d.old_domain and d.domain_id is not null
        returning domain_id
    )
    select n.domain_id, count(*) from noted as n group by n.domain_id
    loop
        perform frontdesk.fold_noted_changes(noted.domain_id, noted.count);
    end loop;
    return null;
end
$$;

comment on function frontdesk.note_updated_search_changes() is
    'Trigger: notes chunks whose lexemes or tenant an update changed (transition tables "replaced" and "changed") for the index of words.';

-- Security definer: as note_search_changes().
create or replace function frontdesk.empty_search_index()
returns trigger
language plpgsql
security definer
as $$
begin
    truncate frontdesk_internal.search_changes, frontdesk_internal.search_postings, frontdesk_internal.search_segments;
    return null;
end
$$;

comment on function frontdesk.empty_search_index() is
    'Trigger: without chunks the index of words is empty.';

-- Security definer: as note_search_changes().
create or replace function frontdesk.remove_search_index()
returns trigger
language plpgsql
security definer
as $$
begin
    perform frontdesk.drop_search_index(d.id) from deleted as d;
    return null;
end
$$;

comment on function frontdesk.remove_search_index() is
    'Trigger: the index of words goes with its configuration (transition table "deleted").';

create trigger note_search_changes_on_insert after insert on page_embeddings
    referencing new table as changed
    for each statement execute function frontdesk.note_search_changes();
create trigger note_search_changes_on_update after update on page_embeddings
    referencing old table as replaced new table as changed
    for each statement execute function frontdesk.note_updated_search_changes();
create trigger note_search_changes_on_delete after delete on page_embeddings
    referencing old table as changed
    for each statement execute function frontdesk.note_search_changes();
create trigger note_search_changes_on_truncate after truncate on page_embeddings
    for each statement execute function frontdesk.empty_search_index();
create trigger remove_search_index after delete on customer_configs
    referencing old table as deleted
    for each statement execute function frontdesk.remove_search_index();
