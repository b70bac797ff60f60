-- $1 most configurations: those that have codes of vectors that are gone, by a jump through the index from one to the next
with recursive configurations as (
    (select d.config_id from frontdesk_internal.dead_vector_codes as d order by d.config_id limit 1)
    union all
    select (
        select d.config_id
        from frontdesk_internal.dead_vector_codes as d
        where d.config_id > c.config_id
        order by d.config_id
        limit 1
    )
    from configurations as c
    where c.config_id is not null
)
select c.config_id from configurations as c where c.config_id is not null limit $1
