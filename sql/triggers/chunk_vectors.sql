-- frontdesk_internal.chunk_vectors and vector_counts follow page_embeddings, and whoever writes notes what is to be done for
-- the codes.

-- Definer: writes bookkeeping; no role may call it.
create or replace function frontdesk.fold_vector_counts(config_ids uuid[])
returns void
language plpgsql
security definer
as $$
begin
    with folded as (
        delete from frontdesk_internal.vector_counts as c
        where c.ctid = any (array(
            select x.ctid
            from frontdesk_internal.vector_counts as x
            where x.config_id = any (config_ids)
            for update skip locked
        ))
        returning c.config_id, c.vectors
    )
    insert into frontdesk_internal.vector_counts (config_id, vectors)
    select f.config_id, sum(f.vectors)
    from folded as f
    group by f.config_id
    having sum(f.vectors) <> 0;
end
$$;

comment on function frontdesk.fold_vector_counts(uuid[]) is
    'Makes one row of the rows of these configurations in frontdesk_internal.vector_counts that nobody else is folding.';

-- Security definer: lets whoever may change chunks keep the copy of their vectors.
create or replace function frontdesk.copy_chunk_vectors()
returns trigger
language plpgsql
security definer
as $$
declare
    touched uuid[] := '{}';
    counted record;
begin
    if tg_op = 'TRUNCATE' then
        truncate frontdesk_internal.chunk_vectors, frontdesk_internal.vector_counts, frontdesk_internal.vector_codes,
            frontdesk_internal.uncoded_vectors, frontdesk_internal.dead_vector_codes;
        return null;
    end if;

    if tg_op = 'DELETE' then
        with gone as (
            delete from frontdesk_internal.chunk_vectors as v
            using replaced as o
            where v.chunk_id = o.id
            returning v.config_id, v.chunk_id
        ),
        noted as (
            insert into frontdesk_internal.dead_vector_codes (config_id, chunk_id)
            select g.config_id, g.chunk_id from gone as g
        ),
        counted as (
            insert into frontdesk_internal.vector_counts (config_id, vectors)
            select g.config_id, -count(*) from gone as g group by g.config_id
            returning config_id
        )
        select array_agg(c.config_id) into touched from counted as c;
    elsif tg_op = 'UPDATE' then
        with gone as (
            delete from frontdesk_internal.chunk_vectors as v
            using replaced as o
            where v.chunk_id = o.id
                and not exists (
                    select from changed as n
                    where n.id = o.id and n.domain_id is not distinct from o.domain_id
                        and n.embedding is not distinct from o.embedding
                )
            returning v.config_id, v.chunk_id
        ),
        noted as (
            insert into frontdesk_internal.dead_vector_codes (config_id, chunk_id)
            select g.config_id, g.chunk_id from gone as g
        ),
        counted as (
            insert into frontdesk_internal.vector_counts (config_id, vectors)
            select g.config_id, -count(*) from gone as g group by g.config_id
            returning config_id
        )
        select array_agg(c.config_id) into touched from counted as c;
    end if;

    if tg_op <> 'DELETE' then
        for counted in
        with copied as (
            insert into frontdesk_internal.chunk_vectors (chunk_id, config_id, direction)
            select n.id, n.domain_id, l2_normalize(n.embedding)::halfvec
            from changed as n
            where n.domain_id is not null and n.embedding is not null
                and not exists (select from frontdesk_internal.chunk_vectors as v where v.chunk_id = n.id)
                and vector_norm(n.embedding) > 0
            returning config_id, chunk_id
        ),
        noted as (
            insert into frontdesk_internal.uncoded_vectors (config_id, chunk_id)
            select c.config_id, c.chunk_id from copied as c
        )
        insert into frontdesk_internal.vector_counts (config_id, vectors)
        select c.config_id, count(*) from copied as c group by c.config_id
        returning config_id, vectors
        loop
            touched := touched || counted.config_id;
            perform frontdesk.fold_noted_vectors(counted.config_id, counted.vectors);
        end loop;
    end if;

    -- In a stricter transaction folding what others folded would fail.
    if current_setting('transaction_isolation') = 'read committed' then
        perform frontdesk.fold_vector_counts(array_agg(t.config_id))
        from unnest(touched) as t (config_id)
        -- A search adds up so many rows as fast as one.
        where exists (select from frontdesk_internal.vector_counts as c where c.config_id = t.config_id offset 20)
        having count(*) > 0;
    end if;
    return null;
end
$$;

comment on function frontdesk.copy_chunk_vectors() is
    'Trigger: keeps frontdesk_internal.chunk_vectors, the copy of vectors that exact search reads, and the number of vectors '
    'of each configuration.';

create trigger copy_chunk_vectors_on_insert after insert on page_embeddings
    referencing new table as changed
    for each statement execute function frontdesk.copy_chunk_vectors();
create trigger copy_chunk_vectors_on_update after update on page_embeddings
    referencing old table as replaced new table as changed
    for each statement execute function frontdesk.copy_chunk_vectors();
create trigger copy_chunk_vectors_on_delete after delete on page_embeddings
    referencing old table as replaced
    for each statement execute function frontdesk.copy_chunk_vectors();
create trigger copy_chunk_vectors_on_truncate after truncate on page_embeddings
    for each statement execute function frontdesk.copy_chunk_vectors();
