-- Tables are compared by name; views are welcome; a sequence belongs to an identity column; a table or view brings its row type.
select pg_describe_object(o.classid, o.objid, 0) as offender
from (
    select 'pg_class'::regclass::oid, c.oid
    from target_relation c
    where c.relkind not in ('r', 'p', 'v', 'i', 'I')
      and not exists (
          select
          from pg_depend d
          where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i'
      )
    union all
    select 'pg_proc'::regclass, p.oid from pg_proc p, target_schema s where p.pronamespace = s.oid
    union all
    select 'pg_operator'::regclass, o.oid from pg_operator o, target_schema s where o.oprnamespace = s.oid
    union all
    select 'pg_opclass'::regclass, c.oid from pg_opclass c, target_schema s where c.opcnamespace = s.oid
    union all
    select 'pg_type'::regclass, t.oid
    from pg_type t, target_schema s
    where t.typnamespace = s.oid and t.typtype <> 'c' and t.typelem = 0
) as o (classid, objid)
where not exists (
    select
    from extension_member m
    where m.classid = o.classid and m.objid = o.objid and m.extname <> 'frontdesk'
)
