select p.oid::regprocedure || ' of ' || p.proowner::regrole as offender
from our_function p
where p.prosecdef
  and p.proowner is distinct from to_regrole('frontdesk_owner')
