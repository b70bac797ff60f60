-- A cached answer does not outlive what it was made from: pages, contents, embeddings, entities, synonyms.
--
-- query_cache is kept by customer configuration, search_cache by domain; the two meet in the domain's name.

-- Security definer: lets whoever changes a domain's knowledge empty that domain's caches. Nothing is read from the changed
-- rows while the caches are empty, which is all that a bulk load costs.
create or replace function frontdesk.empty_caches()
returns trigger
language plpgsql
security definer
as $$
declare
    ids uuid[];
    pages uuid[];
begin
    if not exists (select from query_cache) and not exists (select from search_cache) then
        return null;
    end if;

    if tg_argv[0] = 'everything' then
        delete from query_cache;
        delete from search_cache;
        return null;
    end if;

    ids := array(select distinct r.domain_id from changed as r);
    if tg_op = 'UPDATE' then
        -- A row that moves leaves answers behind as well.
        ids := ids || array(select distinct r.domain_id from replaced as r);
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
begin
    if not exists (select from query_cache) and not exists (select from search_cache) then
        return null;
    end if;

    perform frontdesk.empty_caches_of(array(
        select distinct d.domain
        from changed as n
        join replaced as o on o.id = n.id
        join domains as d on d.id in (n.domain_id, o.domain_id)
        where (n.domain_id, n.url, n.title, n.content_hash, n.excerpt, n.metadata, n.status)
            is distinct from (o.domain_id, o.url, o.title, o.content_hash, o.excerpt, o.metadata, o.status)
    ));
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
