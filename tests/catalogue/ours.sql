-- What the other queries of this folder call ours. Temporary, so that reading the catalogue leaves nothing in it.
create temporary view target_schema as
select n.oid, n.nspname
from pg_namespace n
join pg_extension e on e.extnamespace = n.oid
where e.extname = 'frontdesk';

create temporary view extension_member as
select d.classid, d.objid, e.extname
from pg_depend d
join pg_extension e on e.oid = d.refobjid
where d.refclassid = 'pg_extension'::regclass
  and d.deptype = 'e';

-- Objects of other extensions may share the schema: pgvector's types and functions are in public more often than not.
create temporary view target_relation as
select c.*
from pg_class c
where c.relnamespace = (select oid from target_schema)
  and not exists (
      select
      from extension_member m
      where m.classid = 'pg_class'::regclass and m.objid = c.oid and m.extname <> 'frontdesk'
  );

create temporary view specified_table as
select * from target_relation where relkind in ('r', 'p');

create temporary view our_table as
select * from specified_table
union all
select * from pg_class where relkind in ('r', 'p') and relnamespace = to_regnamespace('frontdesk_internal');

create temporary view our_function as
select p.*
from pg_proc p
where p.pronamespace in (to_regnamespace('frontdesk'), to_regnamespace('frontdesk_internal'))
   or exists (
      select
      from extension_member m
      where m.classid = 'pg_proc'::regclass and m.objid = p.oid and m.extname = 'frontdesk'
  );
