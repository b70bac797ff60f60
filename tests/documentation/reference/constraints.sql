select c.relname::text as name, format('- `%s`: `%s`', t.conname, pg_get_constraintdef(t.oid)) as line
from pg_class as c
join pg_constraint as t on t.conrelid = c.oid and t.contype in ('p', 'u', 'f', 'c')
where c.relowner = 'frontdesk_owner'::regrole
order by c.relname, position(t.contype::text in 'pufc'), t.conname
