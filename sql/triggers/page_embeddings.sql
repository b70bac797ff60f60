-- What follows from a chunk's text: its search vector, its hash, and whose it is.

-- Security definer: lets whoever may write a chunk learn the configuration and the language of its page's domain.
create or replace function frontdesk.derive_page_embedding()
returns trigger
language plpgsql
security definer
as $$
declare
    page_domain uuid;
    page_title text;
    domain_name text;
    language text;
    owner_id uuid;
    config regconfig := 'pg_catalog.english';
begin
    -- The lock of the foreign key: a page does not move to another domain meanwhile. It may have to wait for such a move,
    -- so what belongs to the domain is read in a statement of its own.
    select p.domain_id, p.title into page_domain, page_title from scraped_pages as p where p.id = new.page_id for key share;
    select d.domain, d.text_search_config, c.id into domain_name, language, owner_id
    from domains as d
    left join customer_configs as c on c.domain = d.domain
    where d.id = page_domain;

    -- Whoever is just creating a configuration of that name has locked the name.
    if owner_id is null then
        perform from frontdesk_internal.domain_names as n where n.name = domain_name for share;
        select c.id into owner_id from customer_configs as c where c.domain = domain_name;
    end if;
    new.domain_id := owner_id;

    if language <> 'english' then
        config := frontdesk.text_search_config(page_domain);
    end if;
    new.search_vector := to_tsvector(config, frontdesk.searchable_text(left(new.chunk_text, 100000)));
    if cardinality(new.heading_path) > 0 then
        new.search_vector :=
            setweight(to_tsvector(config, frontdesk.searchable_text(left(array_to_string(new.heading_path, ' '), 2000))), 'B')
            || new.search_vector;
    end if;

    if page_title <> '' then
        new.search_vector :=
            setweight(to_tsvector(config, frontdesk.searchable_text(left(page_title, 500))), 'A') || new.search_vector;
    end if;

    -- Of the text as it is embedded: the headings, then the chunk. On update only where none was given with the new text.
    if new.content_hash is null
        or (
            tg_op = 'UPDATE' and new.content_hash = old.content_hash
            and (new.chunk_text, new.heading_path) is distinct from (old.chunk_text, old.heading_path)
        )
    then
        new.content_hash := encode(sha256(convert_to(
            case
                when cardinality(new.heading_path) > 0
                then array_to_string(new.heading_path, ' > ') || E'\n' || new.chunk_text
                else new.chunk_text
            end, 'UTF8')), 'hex');
    end if;
    return new;
end
$$;

comment on function frontdesk.derive_page_embedding() is
    'Trigger: search_vector (title of the page A, headings B, chunk D), content_hash of the embedded text when absent, and domain_id: the customer configuration that has the name of the page''s domain, whatever was given.';

create trigger derive_page_embedding
    before insert or update of page_id, chunk_text, heading_path, search_vector on page_embeddings
    for each row execute function frontdesk.derive_page_embedding();
-- NULL may be given: chunks are detached from a configuration that goes.
create trigger derive_page_embedding_owner before update of domain_id on page_embeddings
    for each row when (new.domain_id is not null and new.domain_id is distinct from old.domain_id)
    execute function frontdesk.derive_page_embedding();

-- Security definer: lets whoever may change a page's title have its chunks found by it.
create or replace function frontdesk.refresh_chunk_titles()
returns trigger
language plpgsql
security definer
as $$
begin
    update page_embeddings set search_vector = null where page_id = new.id;
    return null;
end
$$;

comment on function frontdesk.refresh_chunk_titles() is
    'Trigger: the search vectors of a page''s chunks are made anew when its title changes.';

create trigger refresh_chunk_titles after update of title on scraped_pages
    for each row when (old.title is distinct from new.title)
    execute function frontdesk.refresh_chunk_titles();
