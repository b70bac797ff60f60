-- table, column and type of every column that its comment classes as secret
select c.oid::regclass, a.attname, format_type(a.atttypid, null)
from pg_class as c
join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relowner = 'frontdesk_owner'::regrole and c.relkind in ('r', 'p')
    and col_description(c.oid, a.attnum) ~ '\[secret\]$'
order by 1, a.attnum
