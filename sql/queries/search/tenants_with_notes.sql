-- $1 most tenants: those with notes, by a jump through the index from one to the next. Written for search_changes;
-- the other tables of notes have the configuration in config_id.
with recursive tenants as (
    (select c.domain_id from frontdesk_internal.search_changes as c order by c.domain_id limit 1)
    union all
    select (
        select c.domain_id
        from frontdesk_internal.search_changes as c
        where c.domain_id > t.domain_id
        order by c.domain_id
        limit 1
    )
    from tenants as t
    where t.domain_id is not null
)
select t.domain_id from tenants as t where t.domain_id is not null limit $1
