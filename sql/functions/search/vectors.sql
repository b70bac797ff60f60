-- The vectors of one tenant. Policies do not open frontdesk_internal.chunk_vectors: each function answers for a
-- configuration that the caller reaches, and for no other.

-- Definer: reads the copy of the vectors.
create or replace function frontdesk.scan_vectors(config_id uuid, question vector, depth integer)
returns table (chunk_id uuid, similarity real)
language plpgsql stable security definer rows 200
-- One plan for tenants of all sizes: by the index of their rows.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
    aim constant halfvec := l2_normalize(question)::halfvec;
begin
    if scan_vectors.config_id in (select frontdesk.accessible_config_ids()) or frontdesk.caller_is_operator() then
        return query
            select v.chunk_id, (-(v.direction <#> aim))::real
            from frontdesk_internal.chunk_vectors as v
            where v.config_id = scan_vectors.config_id
            order by v.direction <#> aim, v.chunk_id
            limit depth;
    end if;
end
$$;

comment on function frontdesk.scan_vectors is
    'The chunks of a configuration nearest to a vector, by comparing all of them: their ids and cosine similarities, the '
    'nearest first. No row for a configuration that the caller does not reach.';

-- Definer: as scan_vectors.
create or replace function frontdesk.scan_vectors_of(config_id uuid, question vector, chunk_ids uuid[])
returns table (chunk_id uuid, similarity real)
language plpgsql stable security definer rows 200
set plan_cache_mode = force_generic_plan
as $$
declare
    aim constant halfvec := l2_normalize(question)::halfvec;
begin
    if scan_vectors_of.config_id in (select frontdesk.accessible_config_ids()) or frontdesk.caller_is_operator() then
        return query
            select n.chunk_id, (-n.distance)::real
            from unnest(chunk_ids) as w (id)
            -- By their key, one by one: a plan for the average tenant would read all vectors of a large one.
            cross join lateral (
                select v.chunk_id, v.direction <#> aim as distance
                from frontdesk_internal.chunk_vectors as v
                where v.chunk_id = w.id and v.config_id = scan_vectors_of.config_id
                offset 0
            ) as n;
    end if;
end
$$;

comment on function frontdesk.scan_vectors_of is
    'The cosine similarities of some chunks of a configuration to a vector. No row for a chunk without a vector, nor for a '
    'configuration that the caller does not reach.';

comment on function frontdesk.scan_vector_codes is
    'The chunks of a configuration nearest to a vector, by comparing those that their codes let be among them: their ids and '
    'cosine similarities, the nearest first. No row for a configuration that the caller does not reach.';
comment on function frontdesk.collect_codes is
    'Shows a row of vector codes to the search that is under way in the same backend; returns how many vectors it has.';
