select c.oid::regclass || ' of ' || c.relowner::regrole as offender
from pg_class c
where (c.oid in (select oid from target_relation) or c.relnamespace = to_regnamespace('frontdesk_internal'))
  and c.relkind in ('r', 'p', 'v', 'm', 'S')
  and c.relowner is distinct from to_regrole('frontdesk_owner')
