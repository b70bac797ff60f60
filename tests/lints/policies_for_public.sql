-- A policy without TO is evaluated for every role, also for those that have no business here.
select format('"%s" on %s', p.polname, p.polrelid::regclass)
from pg_policy as p
join pg_class as t on t.oid = p.polrelid
where t.relowner = 'frontdesk_owner'::regrole and 0 = any (p.polroles)
order by 1
