-- Search results and finished answers, kept for who asks the same again.
--
-- An entry is found by a key made of the domain, the query, the kind, the options, who asks, the settings of searches, and
-- the version of the domain's knowledge. The key is made before the search, so what was searched is at least as new as it
-- says; and once a change has been committed no key has the old version any more. There is no waiting for somebody who is
-- computing the same: of two who miss at once both search, and the later entry stays.

-- Definer: reads the caches and counts of a domain that require_domain lets the caller read.
create or replace function frontdesk.cache_get(
    domain text, query_text text, kind text default 'answer', options jsonb default '{}'
)
returns table (cache_key text, results jsonb)
language plpgsql volatile security definer rows 1
as $$
declare
    asked record;
    version bigint;
    entry uuid;
    is_unused boolean;
begin
    perform frontdesk.require_value('query_text', query_text);
    perform frontdesk.require_text('kind', kind);
    perform frontdesk.require_object('options', options);
    if octet_length(query_text) > 100000 then
        raise exception using
            errcode = 'program_limit_exceeded',
            message = format('a query of %s bytes is above the limit of 100000', octet_length(query_text)),
            hint = 'Send the question alone, without the document that it is about.';
    end if;
    select r.domain_id, r.config_id, r.active into asked from frontdesk.require_domain(domain, 'viewer') as r;
    perform frontdesk.require_active(asked.active);

    select coalesce(sum(c.changes), 0) into version
    from frontdesk_internal.corpus_changes as c
    where c.owner_id in (asked.domain_id, asked.config_id) or c.owner_id is null;

    cache_key := encode(sha256(convert_to(jsonb_build_array(
        asked.domain_id, lower(btrim(regexp_replace(normalize(query_text, nfkc), '\s+', ' ', 'g'))), kind, options,
        frontdesk.search_context(), version
    )::text, 'UTF8')), 'hex');

    if kind = 'answer' then
        select q.results into cache_get.results
        from query_cache as q
        where q.domain_id = asked.config_id and q.query_hash = cache_key and q.expires_at > clock_timestamp();
    else
        select s.id, s.results, s.last_accessed_at < now() - interval '1 minute'
        into entry, cache_get.results, is_unused
        from search_cache as s
        where s.domain_id = asked.domain_id and s.query_hash = cache_key and s.search_type = kind
            and s.is_valid and s.expires_at > clock_timestamp();
        -- Who reads waits for nobody and writes rarely; where nothing can be written, reading goes on.
        if is_unused and not current_setting('transaction_read_only')::boolean then
            update search_cache as s
            set last_accessed_at = now()
            where s.id = (select x.id from search_cache as x where x.id = entry for update skip locked);
        end if;
    end if;
    return next;
end
$$;

comment on function frontdesk.cache_get is
    'One row: what is cached for a query (results, NULL when nothing is) and the key under which cache_put keeps what you compute '
    'now. kind is answer for finished answers (query_cache) or the name of a kind of search (search_cache); options is '
    'whatever else the result depends on, such as the number of rows or the version of your prompt. hybrid_search does not '
    'look here by itself: call this first, before the query is embedded. Queries that differ in '
    'case or white space only are the same. Nothing is found that was made before a page, content, embedding, entity, '
    'synonym, setting or language of the domain changed, before personal data of it was erased, or for another person or role. '
    'Raises P0002 for a domain that is unknown or somebody else''s, 55000 for one that is not active, 22004 for NULL, 22023 for '
    'a blank kind and options that are no object, 54000 for a query above 100 kB.';

-- Definer: writes the caches of a domain that require_domain lets the caller write.
create or replace function frontdesk.cache_put(
    domain text, cache_key text, results jsonb, kind text default 'answer', expires_in interval default '1 hour'
)
returns boolean
language plpgsql volatile security definer
as $$
declare
    asked record;
    bound constant integer := frontdesk.cache_entries();
begin
    perform frontdesk.require_value('results', results);
    perform frontdesk.require_value('expires_in', expires_in);
    perform frontdesk.require_text('kind', kind);
    perform frontdesk.require_value('cache_key', cache_key);
    if cache_key !~ '^[0-9a-f]{64}$' then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = 'argument "cache_key" must be a key that cache_get returned',
            hint = 'select cache_key, results from frontdesk.cache_get(''shop.example'', ''the question'');';
    elsif octet_length(results::text) > 1048576 then
        raise exception using
            errcode = 'program_limit_exceeded',
            message = 'argument "results" must be at most 1 MB as text',
            hint = 'Keep the ids of what was found.';
    elsif expires_in not between interval '1 second' and interval '30 days' then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = 'argument "expires_in" must be between 1 second and 30 days',
            hint = 'Give for example interval ''1 hour''.';
    end if;
    select r.domain_id, r.config_id, r.active into asked from frontdesk.require_domain(domain, frontdesk.least_chat_role()) as r;
    perform frontdesk.require_active(asked.active);
    if current_setting('transaction_read_only')::boolean then
        return false;
    end if;

    if kind <> 'answer' then
        insert into search_cache (domain_id, query_hash, search_type, results, expires_at)
        values (asked.domain_id, cache_key, kind, cache_put.results, clock_timestamp() + expires_in)
        on conflict (query_hash, domain_id, search_type) do update
        set results = excluded.results, expires_at = excluded.expires_at, is_valid = true, last_accessed_at = now();
    elsif asked.config_id is not null then
        insert into query_cache (domain_id, query_hash, results, expires_at)
        values (asked.config_id, cache_key, cache_put.results, clock_timestamp() + expires_in)
        on conflict (domain_id, query_hash) do update
        set results = excluded.results, expires_at = excluded.expires_at, created_at = now();
    else
        return false;
    end if;

    -- Now and then a domain that has too much loses what was not used for longest.
    if random() < 0.02 then
        delete from search_cache as s
        where s.id = any (array(
            select x.id
            from search_cache as x
            where x.domain_id = asked.domain_id
            order by x.last_accessed_at desc
            offset bound
            for update skip locked
        ));
        delete from query_cache as q
        where q.id = any (array(
            select x.id
            from query_cache as x
            where x.domain_id = asked.config_id
            order by x.created_at desc
            offset bound
            for update skip locked
        ));
    end if;
    return true;
end
$$;

comment on function frontdesk.cache_put is
    'Keeps what was computed after cache_get returned this key, for expires_in; returns whether it was kept. A read-only '
    'transaction, a standby and a domain without configuration (for answers) keep nothing. For members, and the chat '
    'server of the domain. A domain keeps at most frontdesk.cache_entries entries of each of the two caches; those unused '
    'for longest go first. Raises as cache_get, 42501 when the role is too low, 22023 for a text that is no key and an '
    'expires_in outside 1 second to 30 days, 54000 for results above 1 MB.';

create or replace function frontdesk.require_active(is_active boolean)
returns void
language plpgsql immutable parallel safe
as $$
begin
    if not is_active then
        raise exception using
            errcode = 'object_not_in_prerequisite_state',
            message = 'the domain is not active',
            hint = 'Switch it on: update domains set active = true where domain = ''...'';';
    end if;
end
$$;

comment on function frontdesk.require_active is 'Raises 55000 unless the argument, whether a domain is active, is true.';

comment on function frontdesk.search_context is
    'Who searches and with which settings, as one text: part of the keys of cached results.';
comment on function frontdesk.cache_entries is 'The setting frontdesk.cache_entries.';
