-- What PUBLIC and anon may do with our objects; what no grant has touched has the built-in privileges of its kind.
with ours as (
    select 'schema' as kind, n.oid::regnamespace::text as object, coalesce(n.nspacl, acldefault('n', n.nspowner)) as privileges
    from pg_namespace as n
    where n.nspname in ('frontdesk', 'frontdesk_internal', 'auth')
    union all
    select case c.relkind when 'S' then 'sequence' when 'v' then 'view' else 'table' end, c.oid::regclass::text,
        coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner))
    from pg_class as c
    where c.relowner = 'frontdesk_owner'::regrole and c.relkind in ('r', 'p', 'v', 'S')
    union all
    select 'column', c.oid::regclass || '.' || a.attname, a.attacl
    from pg_class as c
    join pg_attribute as a on a.attrelid = c.oid and a.attacl is not null
    where c.relowner = 'frontdesk_owner'::regrole
    union all
    select 'function', p.oid::regprocedure::text, coalesce(p.proacl, acldefault('f', p.proowner))
    from pg_proc as p
    where p.pronamespace in ('frontdesk'::regnamespace, to_regnamespace('auth'))
)
select format('%s %s %s %s',
    case when a.grantee = 0 then 'public' else 'anon' end, o.kind, o.object, lower(a.privilege_type))
from ours as o
cross join lateral aclexplode(o.privileges) as a
where a.grantee = 0 or a.grantee = 'anon'::regrole
order by a.grantee, 1
