select t.oid::regclass::text as offender
from our_table t
where coalesce(obj_description(t.oid, 'pg_class'), '') = ''
