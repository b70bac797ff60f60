-- What each of our roles and PUBLIC may do with each of our objects: object, role, privileges; of a function: object, execute,
-- roles. An object without any has one line with hyphens. Left out are what an owner may do with its own, what frontdesk_owner
-- may call, and trigger functions that nobody may call. Objects in the tables' schema are named without it.
with target as (
    select extnamespace as oid from pg_extension where extname = 'frontdesk'
),
subjects as (
    select r.oid, r.rolname::text as name
    from pg_roles as r
    where r.rolname in ('anon', 'authenticated', 'chat_server', 'service_role', 'frontdesk_owner')
    union all
    select 0, 'PUBLIC'
),
objects as (
    select 1 as place, 'schema ' || n.nspname as name, n.nspowner as owner,
        coalesce(n.nspacl, acldefault('n', n.nspowner)) as privileges, null::text as column_name
    from pg_namespace as n
    where n.nspname in ('frontdesk', 'frontdesk_internal', 'auth')
    union all
    select case c.relkind when 'v' then 3 when 'S' then 4 else 2 end,
        case c.relkind when 'v' then 'view ' when 'S' then 'sequence ' else 'table ' end
            || case when c.relnamespace = t.oid then '' else c.relnamespace::regnamespace || '.' end || c.relname,
        c.relowner, coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner)), null
    from pg_class as c, target as t
    where c.relowner = 'frontdesk_owner'::regrole and c.relkind in ('r', 'p', 'v', 'm', 'S')
    union all
    select 2, 'table ' || case when c.relnamespace = t.oid then '' else c.relnamespace::regnamespace || '.' end || c.relname,
        c.relowner, a.attacl, a.attname
    from pg_class as c
    join pg_attribute as a on a.attrelid = c.oid and a.attacl is not null
    cross join target as t
    where c.relowner = 'frontdesk_owner'::regrole
    union all
    select 5,
        case when p.prosecdef then 'definer ' else 'function ' end || p.pronamespace::regnamespace || '.' || p.proname
            || '(' || pg_get_function_identity_arguments(p.oid) || ')',
        p.proowner, coalesce(p.proacl, acldefault('f', p.proowner)), null
    from pg_proc as p
    where p.pronamespace in ('frontdesk'::regnamespace, to_regnamespace('auth'))
        and not (
            p.prorettype = 'trigger'::regtype
            and not exists (
                select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as x
                where x.grantee not in (p.proowner, 'frontdesk_owner'::regrole)
            )
        )
),
granted as (
    select o.place, o.name as object, s.name as role, lower(a.privilege_type) as privilege, a.is_grantable,
        string_agg(o.column_name, ', ' order by o.column_name) as columns
    from objects as o
    cross join lateral aclexplode(o.privileges) as a
    join subjects as s on s.oid = a.grantee
    where a.grantee <> o.owner and not (o.place = 5 and s.name = 'frontdesk_owner')
    group by 1, 2, 3, 4, 5, o.column_name is null
),
listed as (
    select g.place, g.object, g.role,
        string_agg(
            g.privilege || coalesce(' (' || g.columns || ')', '') || case when g.is_grantable then ' with grant option' else '' end,
            ', ' order by array_position(array['select', 'insert', 'update', 'delete'], g.privilege), g.privilege, g.columns nulls first
        ) as privileges
    from granted as g
    where g.place < 5
    group by 1, 2, 3
    union all
    select g.place, g.object, 'execute',
        string_agg(g.role || case when g.is_grantable then ' with grant option' else '' end, ', ' order by g.role collate "C")
    from granted as g
    where g.place = 5
    group by 1, 2
    union all
    select distinct o.place, o.name, '-', '-'
    from objects as o
    where o.column_name is null
        and not exists (select from granted as g where g.object = o.name)
)
select l.object, l.role, l.privileges
from listed as l
order by l.place, l.object collate "C", l.role collate "C"
