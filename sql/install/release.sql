-- Releases from the extension what belongs to the user: tables, views, sequences, the bookkeeping schema and the
-- functions of schema auth. Only what is a member now, or has a row in pg_init_privs (every GRANT inside an extension
-- script leaves one, and pg_dump omits what it finds there), is touched; ADD and DROP remove both.
with extension as (
    select e.oid from pg_extension as e where e.extname = 'frontdesk'
),
ours as (
    select 'pg_class'::regclass as classid, c.oid as objid,
        case c.relkind when 'S' then 'sequence' when 'v' then 'view' else 'table' end as kind
    from pg_class as c
    where c.relowner = 'frontdesk_owner'::regrole and c.relkind in ('r', 'p', 'v', 'S')
    union all
    select 'pg_namespace'::regclass, n.oid, 'schema'
    from pg_namespace as n
    where n.nspname in ('frontdesk_internal', 'auth')
    union all
    select 'pg_proc'::regclass, p.oid, 'function'
    from pg_proc as p
    where p.pronamespace = to_regnamespace('auth')
),
state as (
    select o.kind, (pg_identify_object(o.classid, o.objid, 0)).identity as name,
        exists (
            select from pg_depend as d, extension as e
            where d.classid = o.classid and d.objid = o.objid and d.deptype = 'e'
                and d.refclassid = 'pg_extension'::regclass and d.refobjid = e.oid
        ) as is_member,
        exists (
            select from pg_depend as d
            where d.classid = o.classid and d.objid = o.objid and d.deptype = 'e'
        ) as is_any_member,
        exists (
            select from pg_init_privs as i
            where i.classoid = o.classid and i.objoid = o.objid and i.privtype = 'e'
        ) as has_initial_privileges
    from ours as o
)
select statement
from (
    select 1 as step, format('alter extension frontdesk add %s %s', s.kind, s.name) as statement
    from state as s
    where not s.is_any_member and s.has_initial_privileges
    union all
    select 2, format('alter extension frontdesk drop %s %s', s.kind, s.name)
    from state as s
    where s.is_member or (not s.is_any_member and s.has_initial_privileges)
) as statements
order by step
