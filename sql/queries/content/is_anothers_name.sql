-- $1 domain, $2 names: whether one of them belongs to another organization than the domain
select exists (
    select
    from frontdesk_internal.domain_names as n
    where n.name = any ($2)
        and n.organization_id is distinct from (select d.organization_id from domains as d where d.id = $1)
)
