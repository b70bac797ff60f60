-- Makes the dense copy anew from the vectors of the model that has taken over.
with copied as (
    insert into frontdesk_internal.chunk_vectors (chunk_id, config_id, direction)
    select e.id, e.domain_id, l2_normalize(e.embedding)::halfvec
    from page_embeddings as e
    where e.domain_id is not null and e.embedding is not null and vector_norm(e.embedding) > 0
    returning config_id, chunk_id
),
noted as (
    insert into frontdesk_internal.uncoded_vectors (config_id, chunk_id)
    select c.config_id, c.chunk_id from copied as c
)
insert into frontdesk_internal.vector_counts (config_id, vectors)
select c.config_id, count(*) from copied as c group by c.config_id
