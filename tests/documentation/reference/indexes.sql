-- Indexes without a constraint behind them; what each serves stands in its file.
select
    c.relname::text as name,
    i.relname::text as index,
    case when x.indisunique then 'unique ' else '' end || substring(pg_get_indexdef(i.oid) from ' USING (.*)$') as definition
from pg_class as c
join pg_index as x on x.indrelid = c.oid and c.relkind = 'r'
join pg_class as i on i.oid = x.indexrelid
where c.relowner = 'frontdesk_owner'::regrole
    and not exists (select from pg_constraint as t where t.conindid = i.oid and t.contype in ('p', 'u', 'x'))
order by c.relname, i.relname
