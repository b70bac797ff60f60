-- $1 configuration: copies the vectors of its chunks that have no copy. Whoever is changing such a chunk is waited for.
with missing as materialized (
    select e.id, e.domain_id, e.embedding
    from page_embeddings as e
    where e.domain_id = $1 and vector_norm(e.embedding) > 0
        and not exists (select from frontdesk_internal.chunk_vectors as v where v.chunk_id = e.id)
    for share of e
),
copied as (
    insert into frontdesk_internal.chunk_vectors (chunk_id, config_id, direction)
    select m.id, m.domain_id, l2_normalize(m.embedding)::halfvec from missing as m
    on conflict (chunk_id) do nothing
    returning config_id
)
insert into frontdesk_internal.vector_counts (config_id, vectors)
select c.config_id, count(*) from copied as c group by c.config_id
