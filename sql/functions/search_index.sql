-- What the text leg of a search reads: the index of words of one tenant.
--
-- Search runs with its caller's rights, who has none on the bookkeeping schema. These functions are definers, and each
-- answers only for a configuration whose chunks the caller may see; for any other it is as if there were no index.

-- Definer: reads bookkeeping of a tenant of the caller's.
create or replace function frontdesk.may_search(config_id uuid)
returns boolean
language plpgsql stable security definer
as $$
begin
    return frontdesk.caller_is_operator() or config_id in (select frontdesk.accessible_config_ids());
end
$$;

comment on function frontdesk.may_search is
    'Whether the caller may see the chunks of a configuration.';

-- Definer: as above.
create or replace function frontdesk.read_search_segments(config_id uuid, pieces integer)
returns table (segment bigint, documents integer, living integer, living_lengths bigint[], dead bytea, lengths bytea)
language plpgsql stable security definer rows 10
as $$
begin
    if frontdesk.may_search(config_id) then
        return query
            select s.segment, s.documents, s.living, s.living_lengths, s.dead, case when s.documents <= pieces then s.lengths end
            from frontdesk_internal.search_segments as s
            where s.domain_id = config_id
            order by s.segment;
    end if;
end
$$;

comment on function frontdesk.read_search_segments is
    'The parts of the index of words of a configuration: how many chunks, how long they are, and which are gone; the length '
    'of each chunk only for parts of at most so many chunks.';

-- Definer: as above.
create or replace function frontdesk.read_search_changes(config_id uuid)
returns table (chunk_id uuid, replaced tsvector, present tsvector)
language plpgsql stable security definer rows 10
as $$
begin
    if frontdesk.may_search(config_id) then
        return query
            select distinct on (c.chunk_id) c.chunk_id, c.replaced, e.search_vector
            from frontdesk_internal.search_changes as c
            left join lateral (
                select e.search_vector from page_embeddings as e where e.id = c.chunk_id and e.domain_id = config_id offset 0
            ) as e on true
            where c.domain_id = config_id
            order by c.chunk_id, c.id;
    end if;
end
$$;

comment on function frontdesk.read_search_changes is
    'Chunks of a configuration that are not in the index of words as they are: their lexemes there, and their lexemes now.';

-- Definer: as above.
create or replace function frontdesk.read_search_postings(config_id uuid, lexemes bytea[], most integer)
returns table (segment bigint, place integer, block bytea)
language plpgsql stable security definer rows 100
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
    if frontdesk.may_search(config_id) then
        return query
            -- Of a block that is cut off, only that much is read.
            select s.segment, w.place::integer, case when most is null then b.block else substring(b.block from 1 for most) end
            from frontdesk_internal.search_segments as s
            cross join unnest(lexemes) with ordinality as w (lexeme, place)
            cross join lateral (
                select p.block
                from frontdesk_internal.search_postings as p
                where p.segment = s.segment and p.first_lexeme <= w.lexeme
                order by p.first_lexeme desc
                limit 1
            ) as b
            where s.domain_id = config_id;
    end if;
end
$$;

comment on function frontdesk.read_search_postings is
    'In every part of the index of words of a configuration, for each lexeme (place, from 1) the block where it must be; at '
    'most so many bytes of it.';

-- Definer: as above.
create or replace function frontdesk.read_search_vocabulary(config_id uuid, beginning bytea, following bytea, most integer)
returns table (segment bigint, block bytea)
language plpgsql stable security definer rows 100
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
    if frontdesk.may_search(config_id) then
        return query
            -- Of a block that is cut off, only that much is read.
            select s.segment, case when most is null then b.block else substring(b.block from 1 for most) end
            from frontdesk_internal.search_segments as s
            cross join lateral (
                (
                    select p.block
                    from frontdesk_internal.search_postings as p
                    where p.segment = s.segment and p.first_lexeme <= beginning
                    order by p.first_lexeme desc
                    limit 1
                )
                union all
                select p.block
                from frontdesk_internal.search_postings as p
                where p.segment = s.segment and p.first_lexeme > beginning and p.first_lexeme < following
            ) as b
            where s.domain_id = config_id;
    end if;
end
$$;

comment on function frontdesk.read_search_vocabulary is
    'The blocks of the index of words of a configuration that have lexemes from one up to, but without, another; at most so '
    'many bytes of each.';

-- Definer: as above.
create or replace function frontdesk.read_search_lengths(config_id uuid, segments bigint[], starts integer[], bytes integer)
returns table (segment bigint, start integer, lengths bytea)
language plpgsql stable security definer rows 100
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
    if frontdesk.may_search(config_id) then
        return query
            select p.segment, p.start, d.piece
            from unnest(segments, starts) as p (segment, start)
            -- Stored as they are, in pieces: only these are read.
            cross join lateral (
                select substring(s.lengths from p.start + 1 for bytes) as piece
                from frontdesk_internal.search_segments as s
                where s.domain_id = config_id and s.segment = p.segment
                offset 0
            ) as d;
    end if;
end
$$;

comment on function frontdesk.read_search_lengths is
    'Pieces of the lengths of the chunks in parts of the index of words of a configuration, 8 bytes a chunk.';

-- Definer: as above.
create or replace function frontdesk.read_search_ids(config_id uuid, segments bigint[], starts integer[], bytes integer)
returns table (segment bigint, start integer, ids bytea)
language plpgsql stable security definer rows 100
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
    if frontdesk.may_search(config_id) then
        return query
            select p.segment, p.start, d.piece
            from unnest(segments, starts) as p (segment, start)
            -- Stored as they are, in pieces: only these are read.
            cross join lateral (
                select substring(s.ids from p.start + 1 for bytes) as piece
                from frontdesk_internal.search_segments as s
                where s.domain_id = config_id and s.segment = p.segment
                offset 0
            ) as d;
    end if;
end
$$;

comment on function frontdesk.read_search_ids is
    'Pieces of the ids of the chunks in parts of the index of words of a configuration, 16 bytes a chunk.';

-- Definer: removes bookkeeping; no role may call it, triggers do.
create or replace function frontdesk.drop_search_index(config_id uuid)
returns void
language plpgsql security definer
as $$
begin
    delete from frontdesk_internal.search_changes as c where c.domain_id = config_id;
    delete from frontdesk_internal.search_postings as p
    using frontdesk_internal.search_segments as s
    where s.domain_id = config_id and p.segment = s.segment;
    delete from frontdesk_internal.search_segments as s where s.domain_id = config_id;
    delete from frontdesk_internal.vector_codes as c where c.config_id = drop_search_index.config_id;
    delete from frontdesk_internal.uncoded_vectors as u where u.config_id = drop_search_index.config_id;
    delete from frontdesk_internal.dead_vector_codes as d where d.config_id = drop_search_index.config_id;
end
$$;

comment on function frontdesk.drop_search_index is
    'Removes the index of words of a configuration, and the codes of its vectors.';

comment on function frontdesk.fold_search_changes is
    'Brings the index of words of a configuration up to date once at least so many chunks have changed; returns how many it took in. Nothing while somebody else does so.';
comment on function frontdesk.fold_noted_changes is
    'The same for a writer who has just noted so many changes, once enough wait.';
comment on function frontdesk.fold_noted_vectors is
    'Makes codes for the vectors of a configuration that have none, for a writer who has just noted so many, once enough wait.';
comment on function frontdesk.rebuild_search_statistics is
    'Makes the index of words of a domain and the copies of its vectors anew from its chunks; returns how many those are.';
comment on function frontdesk.verify_search_statistics is
    'What differs between a domain''s chunks and its index of words, statistics and copies of vectors: no row when nothing does.';
