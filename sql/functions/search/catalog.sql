-- Searching entities and pages.
--
-- The operators that match text, trigrams and json are not leakproof, so under row level security no index would serve them:
-- the rows of a tenant would be read one by one. So what matches is found in two steps. scan_entities and scan_pages run
-- with their owner's rights, are bound to one domain that the caller reaches, and return ids; search_entities and
-- search_pages read those rows as the caller, under the policies.

-- Definer: as said above. Identifiers as they are written count most, then rows with all words, with some, and with a
-- similar name. Ranks of words are between 0 and 1, of similar names between 0 and 0.5.
create or replace function frontdesk.scan_entities(
    domain_id uuid, query_text text, depth integer,
    entity_type text, min_price numeric, max_price numeric, is_available boolean, attributes jsonb
)
returns table (entity_id uuid, score real)
language plpgsql stable security definer rows 10
-- A query of stop words is no reason for a notice.
set client_min_messages = warning
set plan_cache_mode = force_generic_plan
as $$
declare
    config constant regconfig := frontdesk.text_search_config(scan_entities.domain_id);
    asked constant text := btrim(left(query_text, 1000));
    words constant text := frontdesk.searchable_text(asked, is_question => true);
    all_words constant tsquery := websearch_to_tsquery(config, words);
    any_word constant tsquery := nullif(replace(plainto_tsquery(config, words)::text, '&', '|'), '')::tsquery;
begin
    if not (scan_entities.domain_id in (select frontdesk.accessible_domain_ids()) or frontdesk.caller_is_operator()) then
        return;
    end if;
    return query
        with found as materialized (
            select e.id, 3::real as score
            from entity_catalog as e
            where e.domain_id = scan_entities.domain_id and e.primary_identifier = any (array[asked, upper(asked), lower(asked)])
            union all
            select e.id, (ts_rank(e.search_vector, any_word) + (e.search_vector @@ all_words)::integer)::real
            from entity_catalog as e
            where e.domain_id = scan_entities.domain_id and e.search_vector @@ any_word
            union all
            select e.id, (similarity(e.name, asked) / 2)::real
            from entity_catalog as e
            where e.domain_id = scan_entities.domain_id and e.name % asked
        )
        select f.id, max(f.score)
        from found as f
        join entity_catalog as e on e.id = f.id
        where (scan_entities.entity_type is null or e.entity_type = scan_entities.entity_type)
            and (min_price is null or e.price >= min_price)
            and (max_price is null or e.price <= max_price)
            and (scan_entities.is_available is null or e.is_available = scan_entities.is_available)
            and (scan_entities.attributes is null or e.attributes @> scan_entities.attributes)
        group by f.id
        order by 2 desc, 1
        limit depth;
end
$$;

comment on function frontdesk.scan_entities is
    'Ids of the entities of a domain that match, the best first. No row for a domain that the caller does not reach.';

create or replace function frontdesk.search_entities(
    domain text, query_text text, match_count integer default 10, wanted_type text default null,
    min_price numeric default null, max_price numeric default null, wanted_available boolean default null,
    wanted_attributes jsonb default null
)
returns table (
    entity_id uuid, entity_type text, primary_identifier text, name text, description text, price numeric,
    is_available boolean, attributes jsonb, source_url text, score real
)
language plpgsql stable rows 10
as $$
begin
    perform frontdesk.require_search(query_text, match_count);
    return query
        select e.id, e.entity_type, e.primary_identifier, e.name, e.description, e.price,
            e.is_available, e.attributes, e.source_url, s.score
        from frontdesk.scan_entities(
            frontdesk.active_domain(search_entities.domain), query_text, match_count, wanted_type,
            min_price, max_price, wanted_available, wanted_attributes
        ) as s
        join entity_catalog as e on e.id = s.entity_id
        order by s.score desc, e.id;
end
$$;

comment on function frontdesk.search_entities is
    'Entities of a domain that match a query, the best first: by identifier as written, by words in the language of the '
    'domain, and by a similar name, so that a misspelled one is found; only those of a type, in a range of prices, '
    'available or not, and with attributes that contain the given ones (jsonb containment), where that is asked for. The score is '
    '3 for an identifier, 1 to 2 for all words, below 1 for some, up to 0.5 for a similar name. Raises P0002 for a domain that is '
    'unknown or somebody else''s, 55000 for one that is not active, 22004 for NULL, 22023 for a match_count outside 1 to '
    '200, 54000 for a query above 100 kB.';

-- Definer: as said above.
create or replace function frontdesk.scan_pages(domain_id uuid, query_text text, depth integer)
returns table (page_id uuid, score real)
language plpgsql stable security definer rows 10
set client_min_messages = warning
set plan_cache_mode = force_generic_plan
as $$
declare
    config constant regconfig := frontdesk.text_search_config(scan_pages.domain_id);
    asked constant text := btrim(left(query_text, 1000));
    words constant text := frontdesk.searchable_text(asked, is_question => true);
    all_words constant tsquery := websearch_to_tsquery(config, words);
    any_word constant tsquery := nullif(replace(plainto_tsquery(config, words)::text, '&', '|'), '')::tsquery;
begin
    if not (scan_pages.domain_id in (select frontdesk.accessible_domain_ids()) or frontdesk.caller_is_operator()) then
        return;
    end if;
    return query
        with with_all_words as materialized (
            select p.id, (1 + ts_rank(p.content_search_vector, all_words))::real as score
            from scraped_pages as p
            where p.domain_id = scan_pages.domain_id and p.content_search_vector @@ all_words
                and p.status is distinct from 'deleted'
        ),
        -- Reading the vectors of all pages that have some word is left for when there are few with all of them.
        with_some_word as materialized (
            select p.id, ts_rank(p.content_search_vector, any_word) as score
            from scraped_pages as p
            where p.domain_id = scan_pages.domain_id and p.content_search_vector @@ any_word
                and p.status is distinct from 'deleted'
                and (select count(*) from with_all_words) < depth
        ),
        with_similar_title as materialized (
            select p.id, (similarity(p.title, asked) / 2)::real as score
            from scraped_pages as p
            where p.domain_id = scan_pages.domain_id and p.title % asked and p.status is distinct from 'deleted'
        )
        select f.id, max(f.score)
        from (
            select a.id, a.score from with_all_words as a
            union all
            select o.id, o.score from with_some_word as o
            union all
            select t.id, t.score from with_similar_title as t
        ) as f
        group by f.id
        order by 2 desc, 1
        limit depth;
end
$$;

comment on function frontdesk.scan_pages is
    'Ids of the pages of a domain that match, the best first. No row for a domain that the caller does not reach.';

create or replace function frontdesk.search_pages(domain text, query_text text, match_count integer default 10)
returns table (page_id uuid, url text, title text, excerpt text, last_scraped_at timestamptz, score real)
language plpgsql stable rows 10
as $$
begin
    perform frontdesk.require_search(query_text, match_count);
    return query
        select p.id, p.url, p.title, p.excerpt, p.last_scraped_at, s.score
        from frontdesk.scan_pages(frontdesk.active_domain(search_pages.domain), query_text, match_count) as s
        join scraped_pages as p on p.id = s.page_id
        order by s.score desc, p.id;
end
$$;

comment on function frontdesk.search_pages is
    'Pages of a domain that match a query, the best first: by words of title and content in the language of the domain, and by '
    'a similar title. The score is 1 to 2 for all words, below 1 for some, up to 0.5 for a similar title. Pages marked '
    'deleted are not found. Raises as search_entities.';

create or replace function frontdesk.require_search(query_text text, match_count integer)
returns void
language plpgsql immutable parallel safe
as $$
begin
    perform frontdesk.require_value('query_text', query_text);
    perform frontdesk.require_value('match_count', match_count);
    if match_count not between 1 and 200 then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = format('match_count must be between 1 and 200, got %s', match_count),
            hint = 'Ask for fewer rows.';
    elsif octet_length(query_text) > 100000 then
        raise exception using
            errcode = 'program_limit_exceeded',
            message = format('a query of %s bytes is above the limit of 100000', octet_length(query_text)),
            hint = 'Send the question alone, without the document that it is about.';
    end if;
end
$$;

comment on function frontdesk.require_search is
    'Raises 22004 for NULL, 22023 for a match_count outside 1 to 200, 54000 for a query above 100 kB.';

create or replace function frontdesk.active_domain(domain text)
returns uuid
language plpgsql stable
as $$
declare
    asked record;
begin
    perform frontdesk.require_value('domain', domain);
    select r.domain_id, r.active into asked from frontdesk.resolve_domain(domain) as r;
    if not found then
        raise exception using
            errcode = 'no_data_found',
            message = 'the domain does not exist or is not yours',
            hint = 'select domain from domains; lists yours.';
    end if;
    perform frontdesk.require_active(asked.active);
    return asked.domain_id;
end
$$;

comment on function frontdesk.active_domain is
    'The id in domains of a domain that the caller may read. Raises P0002 when it is unknown or somebody else''s, 55000 when it '
    'is not active, 22004 for NULL.';
