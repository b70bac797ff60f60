select p.oid::regprocedure::text as offender
from our_function p
where p.pronamespace = 'frontdesk'::regnamespace
  and coalesce(obj_description(p.oid, 'pg_proc'), '') = ''
