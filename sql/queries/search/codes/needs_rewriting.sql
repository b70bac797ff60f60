-- $1 configuration: whether a quarter of its codes, and more than a few, are of vectors that are gone
select
    (select count(*) from frontdesk_internal.dead_vector_codes as d where d.config_id = $1)
    > greatest(
        1000,
        (select coalesce(sum(c.vectors), 0) from frontdesk_internal.vector_counts as c where c.config_id = $1) / 4
    )
