-- $1 configuration: removes the copies of vectors that its chunks do not have, and those of its chunks that count as
-- another's
with wrong as materialized (
    select v.chunk_id
    from frontdesk_internal.chunk_vectors as v
    where v.config_id = $1
        and not exists (
            select
            from page_embeddings as e
            where e.id = v.chunk_id and e.domain_id = $1 and l2_normalize(e.embedding)::halfvec = v.direction
        )
    union all
    select v.chunk_id
    from page_embeddings as e
    join frontdesk_internal.chunk_vectors as v on v.chunk_id = e.id
    where e.domain_id = $1 and v.config_id <> $1
),
gone as (
    delete from frontdesk_internal.chunk_vectors as v
    using wrong as w
    where v.chunk_id = w.chunk_id
    returning v.config_id
)
insert into frontdesk_internal.vector_counts (config_id, vectors)
select g.config_id, -count(*) from gone as g group by g.config_id
