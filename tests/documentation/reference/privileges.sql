-- Role by role: privileges on the whole relation, and on some of its columns.
with privileges as (
    select c.oid, c.relname, a.grantee, lower(a.privilege_type) as privilege, null::text as columns
    from pg_class as c
    cross join lateral aclexplode(c.relacl) as a
    where c.relowner = 'frontdesk_owner'::regrole and c.relkind in ('r', 'v') and a.grantee <> c.relowner
    union all
    select c.oid, c.relname, a.grantee, lower(a.privilege_type), string_agg(t.attname, ', ' order by t.attnum)
    from pg_class as c
    join pg_attribute as t on t.attrelid = c.oid
    cross join lateral aclexplode(t.attacl) as a
    where c.relowner = 'frontdesk_owner'::regrole and c.relkind in ('r', 'v')
    group by c.oid, c.relname, a.grantee, a.privilege_type
)
select
    p.relname::text as name,
    format(
        '- `%s`: %s',
        p.grantee::regrole,
        string_agg(
            p.privilege || coalesce(' (' || p.columns || ')', ''), ', '
            order by array_position(array['select', 'insert', 'update', 'delete'], p.privilege), p.privilege
        )
    ) as line
from privileges as p
group by p.oid, p.relname, p.grantee
order by p.relname, p.grantee::regrole::text
