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
    names text[];
begin
    if not exists (select from query_cache) and not exists (select from search_cache) then
        return null;
    end if;

    if tg_argv[0] = 'everything' then
        delete from query_cache;
        delete from search_cache;
        return null;
    elsif tg_argv[0] = 'domain' then
        select array_agg(distinct d.domain) into names
        from changed as r join domains as d on d.id = r.domain_id;
    elsif tg_argv[0] = 'configuration' then
        select array_agg(distinct c.domain) into names
        from changed as r join customer_configs as c on c.id = r.domain_id;
    else
        select array_agg(distinct n.domain) into names
        from (
            select c.domain from changed as r join customer_configs as c on c.id = r.domain_id
            union all
            select d.domain
            from changed as r
            join scraped_pages as p on p.id = r.page_id
            join domains as d on d.id = p.domain_id
            where r.domain_id is null
        ) as n;
    end if;
    perform frontdesk.empty_caches_of(names);
    return null;
end
$$;

comment on function frontdesk.empty_caches() is
    'Trigger: empties the caches of the domains of the changed rows (transition table "changed"). The argument says what their domain_id is: domain, configuration, embedding (a configuration, or none and the page decides), or everything: all caches.';

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
    referencing new table as changed
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
    referencing new table as changed
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
    referencing new table as changed
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
    referencing new table as changed
    for each statement execute function frontdesk.empty_caches('configuration');
create trigger empty_caches_on_delete after delete on domain_synonym_mappings
    referencing old table as changed
    for each statement execute function frontdesk.empty_caches('configuration');
create trigger empty_caches_on_truncate after truncate on domain_synonym_mappings
    for each statement execute function frontdesk.empty_caches('everything');

create trigger empty_caches after insert or update or delete or truncate on global_synonym_mappings
    for each statement execute function frontdesk.empty_caches('everything');
