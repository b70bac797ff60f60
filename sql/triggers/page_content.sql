-- What follows from a page's title and content: its hash, its search vector, and the jobs for the workers.

-- Security definer: lets the caller learn the language of a domain.
create or replace function frontdesk.text_search_config(domain_id uuid)
returns regconfig
language plpgsql
stable
security definer
as $$
declare
    language text;
    config regconfig;
begin
    -- The default is not looked up: in a bulk load that would cost as much as all the rest of a short row.
    select d.text_search_config into language from domains as d where d.id = text_search_config.domain_id;
    if language <> 'english' then
        select t.oid into config from pg_ts_config as t where t.cfgname = language and pg_ts_config_is_visible(t.oid);
    end if;
    return coalesce(config, 'pg_catalog.english'::regconfig);
end
$$;

comment on function frontdesk.text_search_config(uuid) is
    'The text search configuration of a domain: its text_search_config where that exists, else english.';

-- 100,000 characters always fit a tsvector's megabyte, so that a page of any size can be stored; the hash is of all of it.
-- What is given no weight has weight D.
-- Security definer: lets whoever may write the page read the language of its domain.
create or replace function frontdesk.derive_page_content()
returns trigger
language plpgsql
security definer
as $$
declare
    config constant regconfig := frontdesk.text_search_config(new.domain_id);
begin
    new.content_hash := encode(sha256(convert_to(new.content, 'UTF8')), 'hex');
    new.content_search_vector := setweight(to_tsvector(config, frontdesk.searchable_text(left(coalesce(new.title, ''), 1000))), 'A')
        || to_tsvector(config, frontdesk.searchable_text(left(coalesce(new.content, ''), 100000)));
    return new;
end
$$;

comment on function frontdesk.derive_page_content() is
    'Trigger: content_hash (SHA-256 of the content, hex) and content_search_vector (title A, first 100,000 characters of the content D).';

-- Security definer: lets whoever may write a page put it into the queues, which nobody writes directly.
create or replace function frontdesk.queue_pages()
returns trigger
language plpgsql
security definer
as $$
declare
    pages uuid[];
begin
    if tg_op = 'INSERT' then
        select array_agg(p.id order by p.id) into pages
        from written as p
        where p.content <> '' and p.status is distinct from 'deleted' and p.status is distinct from 'failed';
    else
        -- A page that comes back with the same content is queued as well: its chunks may be gone.
        select array_agg(p.id order by p.id) into pages
        from written as p
        join replaced as o on o.id = p.id
        where (p.content_hash is distinct from o.content_hash or o.status in ('deleted', 'failed'))
            and p.content <> '' and p.status is distinct from 'deleted' and p.status is distinct from 'failed';

        perform frontdesk.unqueue_pages(array(
            select p.id
            from written as p
            join replaced as o on o.id = p.id
            where (p.status in ('deleted', 'failed') and o.status is distinct from p.status)
                or (coalesce(p.content, '') = '' and o.content <> '')
        ));
    end if;
    if pages is null then
        return null;
    end if;

    insert into embedding_queue as q (page_id)
    select unnest(pages)
    on conflict (page_id) do update
    set status = 'pending', retry_count = 0, error_message = null,
        created_at = case when q.status in ('completed', 'failed') then now() else q.created_at end,
        lease_token = null, lease_expires_at = null, not_before = null
    where q.status is distinct from 'pending' or q.retry_count <> 0 or q.not_before is not null;

    insert into entity_extraction_queue as q (page_id)
    select unnest(pages)
    on conflict (page_id) do update
    set status = 'pending', retry_count = 0, error_message = null,
        created_at = case when q.status in ('completed', 'failed') then now() else q.created_at end,
        lease_token = null, lease_expires_at = null, not_before = null
    where q.status is distinct from 'pending' or q.retry_count <> 0 or q.not_before is not null;
    return null;
end
$$;

comment on function frontdesk.queue_pages() is
    'Trigger: pages with new content wait for embeddings and for extraction; a job under way is withdrawn and starts afresh. Pages without content, failed and deleted ones do not wait.';

-- Security definer: deletes jobs; no role may call it, the trigger on pages does.
create or replace function frontdesk.unqueue_pages(pages uuid[])
returns void
language plpgsql
security definer
as $$
begin
    if pages = '{}' then
        return;
    end if;
    delete from embedding_queue where page_id = any (pages);
    delete from entity_extraction_queue where page_id = any (pages);
end
$$;

comment on function frontdesk.unqueue_pages(uuid[]) is
    'Withdraws the embedding and extraction jobs of pages.';

create trigger derive_page_content_on_insert before insert on scraped_pages
    for each row execute function frontdesk.derive_page_content();
-- Setting the vector to NULL makes it anew; a hash or vector that is given is not believed. Another domain may have
-- another language.
create trigger derive_page_content_on_update
    before update of domain_id, title, content, content_hash, content_search_vector on scraped_pages
    for each row when (
        old.title is distinct from new.title or old.content is distinct from new.content
        or old.domain_id <> new.domain_id or old.content_hash is distinct from new.content_hash
        or new.content_search_vector is null
        or old.content_search_vector is distinct from new.content_search_vector
    )
    execute function frontdesk.derive_page_content();

create trigger queue_inserted_pages after insert on scraped_pages
    referencing new table as written
    for each statement execute function frontdesk.queue_pages();
create trigger queue_updated_pages after update on scraped_pages
    referencing old table as replaced new table as written
    for each statement execute function frontdesk.queue_pages();
