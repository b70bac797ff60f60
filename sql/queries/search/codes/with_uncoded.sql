-- $1 most configurations: those that have vectors without a code, by a jump through the index from one to the next
with recursive configurations as (
    (select u.config_id from frontdesk_internal.uncoded_vectors as u order by u.config_id limit 1)
    union all
    select (
        select u.config_id
        from frontdesk_internal.uncoded_vectors as u
        where u.config_id > c.config_id
        order by u.config_id
        limit 1
    )
    from configurations as c
    where c.config_id is not null
)
select c.config_id from configurations as c where c.config_id is not null limit $1
