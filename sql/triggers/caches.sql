-- A cached answer does not outlive what it was made from: pages, contents, embeddings, entities, synonyms.
--
-- Two things see to that. Each change counts in frontdesk_internal.corpus_changes, and answers are found under the count at
-- which they were made: that keeps out what somebody computes from older knowledge and stores after the change. And the
-- change deletes what is cached, so that nothing of it stays behind.
--
-- query_cache is kept by customer configuration, search_cache by domain; the two meet in the domain's name.

-- Security definer: writes bookkeeping; no role may call it.
create or replace function frontdesk.count_corpus_changes(ids uuid[])
returns void
language plpgsql
security definer
as $$
begin
    insert into frontdesk_internal.corpus_changes (owner_id, changes)
    select distinct i.id, 1
    from unnest(ids) as i (id)
    -- What goes with its domain is not counted any more.
    where i.id is null
        or exists (select from domains as d where d.id = i.id)
        or exists (select from customer_configs as c where c.id = i.id);

    -- One statement in twenty folds. In a stricter transaction folding what others folded would fail.
    if random() < 0.05 and current_setting('transaction_isolation') = 'read committed' then
        with folded as (
            delete from frontdesk_internal.corpus_changes as c
            where c.ctid = any (array(
                select x.ctid
                from frontdesk_internal.corpus_changes as x
                where x.owner_id = any (ids) or x.owner_id is null and array_position(ids, null) is not null
                for update skip locked
            ))
            returning c.owner_id, c.changes
        )
        insert into frontdesk_internal.corpus_changes (owner_id, changes)
        select f.owner_id, sum(f.changes) from folded as f group by f.owner_id;
    end if;
end
$$;

comment on function frontdesk.count_corpus_changes(uuid[]) is
    'Counts one change of the knowledge of these domains or configurations; NULL among them stands for everybody.';

-- Security definer: lets whoever changes a domain's knowledge empty that domain's caches.
create or replace function frontdesk.empty_caches()
returns trigger
language plpgsql
security definer
as $$
declare
    ids uuid[];
    pages uuid[];
begin
    if tg_argv[0] = 'everything' then
        perform frontdesk.count_corpus_changes(array[null::uuid]);
        delete from query_cache;
        delete from search_cache;
        return null;
    end if;

    ids := array(select distinct r.domain_id from changed as r);
    if tg_op = 'UPDATE' then
        -- A row that moves leaves answers behind as well.
        ids := ids || array(select distinct r.domain_id from replaced as r);
    end if;
    if ids = '{}' then
        return null;
    end if;
    -- Chunks without a configuration are in no answer.
    perform frontdesk.count_corpus_changes(array_remove(ids, null));
    if not exists (select from query_cache) and not exists (select from search_cache) then
        return null;
    end if;

    if tg_argv[0] = 'domain' then
        perform frontdesk.empty_caches_of(array(select d.domain from domains as d where d.id = any (ids)));
        return null;
    end if;
    perform frontdesk.empty_caches_of(array(select c.domain from customer_configs as c where c.id = any (ids)));

    if tg_argv[0] = 'embedding' and array_position(ids, null) is not null then
        pages := array(select distinct r.page_id from changed as r where r.domain_id is null);
        if tg_op = 'UPDATE' then
            pages := pages || array(select distinct r.page_id from replaced as r where r.domain_id is null);
        end if;
        perform frontdesk.empty_caches_of(array(
            select distinct d.domain
            from scraped_pages as p
            join domains as d on d.id = p.domain_id
            where p.id = any (pages)
        ));
    end if;
    return null;
end
$$;

comment on function frontdesk.empty_caches() is
    'Trigger: empties the caches of the domains that the changed rows are in (transition table "changed") or were in ("replaced"). The argument says what their domain_id is: domain, configuration, embedding (a configuration, or none and the page decides), or everything: all caches.';

-- Security definer: empties caches; no role may call it, the triggers do.
create or replace function frontdesk.empty_caches_of(names text[])
returns void
language plpgsql
security definer
as $$
begin
    delete from query_cache as q using customer_configs as c where c.domain = any (names) and q.domain_id = c.id;
    delete from search_cache as s using domains as d where d.domain = any (names) and s.domain_id = d.id;
end
$$;

comment on function frontdesk.empty_caches_of(text[]) is
    'Empties the query and search caches of domains, given by name.';

-- Pages are touched by every visit of the crawler; only a visit that found something else counts.
-- Security definer: as empty_caches().
create or replace function frontdesk.empty_caches_of_updated_pages()
returns trigger
language plpgsql
security definer
as $$
declare
    ids constant uuid[] := array(
        select distinct i.id
        from changed as n
        join replaced as o on o.id = n.id
        cross join lateral unnest(array[n.domain_id, o.domain_id]) as i (id)
        where (n.domain_id, n.url, n.title, n.content_hash, n.excerpt, n.metadata, n.status)
            is distinct from (o.domain_id, o.url, o.title, o.content_hash, o.excerpt, o.metadata, o.status)
    );
begin
    if ids <> '{}' then
        perform frontdesk.count_corpus_changes(ids);
        perform frontdesk.empty_caches_of(array(select d.domain from domains as d where d.id = any (ids)));
    end if;
    return null;
end
$$;

comment on function frontdesk.empty_caches_of_updated_pages() is
    'Trigger: empties the caches of the domains whose pages really changed.';

create trigger empty_caches_on_insert after insert on scraped_pages
    referencing new table as changed
    for each statement execute function frontdesk.empty_caches('domain');
create trigger empty_caches_on_update after update on scraped_pages
    referencing old table as replaced new table as changed
    for each statement execute function frontdesk.empty_caches_of_updated_pages();
create trigger empty_caches_on_delete after delete on scraped_pages
    referencing old table as changed
    for each statement execute function frontdesk.empty_caches('domain');
create trigger empty_caches_on_truncate after truncate on scraped_pages
    for each statement execute function frontdesk.empty_caches('everything');

create trigger empty_caches_on_insert after insert on website_content
    referencing new table as changed
    for each statement execute function frontdesk.empty_caches('domain');
create trigger empty_caches_on_update after update on website_content
    referencing old table as replaced new table as changed
    for each statement execute function frontdesk.empty_caches('domain');
create trigger empty_caches_on_delete after delete on website_content
    referencing old table as changed
    for each statement execute function frontdesk.empty_caches('domain');
create trigger empty_caches_on_truncate after truncate on website_content
    for each statement execute function frontdesk.empty_caches('everything');

create trigger empty_caches_on_insert after insert on page_embeddings
    referencing new table as changed
    for each statement execute function frontdesk.empty_caches('embedding');
create trigger empty_caches_on_update after update on page_embeddings
    referencing old table as replaced new table as changed
    for each statement execute function frontdesk.empty_caches('embedding');
create trigger empty_caches_on_delete after delete on page_embeddings
    referencing old table as changed
    for each statement execute function frontdesk.empty_caches('embedding');
create trigger empty_caches_on_truncate after truncate on page_embeddings
    for each statement execute function frontdesk.empty_caches('everything');

create trigger empty_caches_on_insert after insert on entity_catalog
    referencing new table as changed
    for each statement execute function frontdesk.empty_caches('domain');
create trigger empty_caches_on_update after update on entity_catalog
    referencing old table as replaced new table as changed
    for each statement execute function frontdesk.empty_caches('domain');
create trigger empty_caches_on_delete after delete on entity_catalog
    referencing old table as changed
    for each statement execute function frontdesk.empty_caches('domain');
create trigger empty_caches_on_truncate after truncate on entity_catalog
    for each statement execute function frontdesk.empty_caches('everything');

create trigger empty_caches_on_insert after insert on domain_synonym_mappings
    referencing new table as changed
    for each statement execute function frontdesk.empty_caches('configuration');
create trigger empty_caches_on_update after update on domain_synonym_mappings
    referencing old table as replaced new table as changed
    for each statement execute function frontdesk.empty_caches('configuration');
create trigger empty_caches_on_delete after delete on domain_synonym_mappings
    referencing old table as changed
    for each statement execute function frontdesk.empty_caches('configuration');
create trigger empty_caches_on_truncate after truncate on domain_synonym_mappings
    for each statement execute function frontdesk.empty_caches('everything');

create trigger empty_caches after insert or update or delete or truncate on global_synonym_mappings
    for each statement execute function frontdesk.empty_caches('everything');

-- The language of a domain and what else it says of its searches.
create or replace function frontdesk.count_domain_changes()
returns trigger
language plpgsql
security definer
as $$
begin
    if tg_table_name = 'domains' then
        perform frontdesk.count_corpus_changes(array(select r.id from changed as r));
    else
        perform frontdesk.count_corpus_changes(array[null::uuid]);
    end if;
    return null;
end
$$;

comment on function frontdesk.count_domain_changes() is
    'Trigger: a changed domain has its answers made anew, and a changed embedding model those of everybody.';

create trigger count_domain_changes after update on domains
    referencing new table as changed
    for each statement execute function frontdesk.count_domain_changes();
create trigger count_domain_changes after insert or update or delete or truncate on frontdesk_internal.embedding_model
    for each statement execute function frontdesk.count_domain_changes();
