-- $1 configuration: chunks whose vectors have a direction; those of them with a copy; copies; how many copies are counted
select
    (select count(*) from page_embeddings as e where e.domain_id = $1 and vector_norm(e.embedding) > 0),
    (
        select count(*)
        from frontdesk_internal.chunk_vectors as v
        join page_embeddings as e on e.id = v.chunk_id
        where v.config_id = $1 and e.domain_id = $1 and l2_normalize(e.embedding)::halfvec = v.direction
    ),
    (select count(*) from frontdesk_internal.chunk_vectors as v where v.config_id = $1),
    (select coalesce(sum(c.vectors), 0)::bigint from frontdesk_internal.vector_counts as c where c.config_id = $1)
