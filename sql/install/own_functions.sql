-- Functions that run with their owner's rights belong to a role that can do nothing else.
select format('alter routine %s owner to frontdesk_owner', p.oid::regprocedure)
from pg_proc as p
join pg_depend as d on d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
join pg_extension as e on d.refclassid = 'pg_extension'::regclass and d.refobjid = e.oid
where e.extname = 'frontdesk' and p.prosecdef and p.proowner <> 'frontdesk_owner'::regrole
