-- A member's rows vanish with DROP EXTENSION and its columns, policies and comments from dumps.
select pg_describe_object(m.classid, m.objid, 0) as offender
from extension_member m
where m.extname = 'frontdesk'
  and (m.classid = 'pg_class'::regclass
       or (m.classid = 'pg_namespace'::regclass and m.objid = to_regnamespace('frontdesk_internal')))
