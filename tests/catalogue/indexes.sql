-- Indexes behind a constraint are compared as constraints.
select
    t.relname || '.' || i.relname as name,
    case when x.indisunique then 'UNIQUE ' else '' end
        || substring(pg_get_indexdef(i.oid) from ' USING (.*)$')
        || case when x.indisvalid then '' else ' INVALID' end as definition
from specified_table t
join pg_index x on x.indrelid = t.oid
join pg_class i on i.oid = x.indexrelid
where not exists (select from pg_constraint c where c.conindid = i.oid and c.contype in ('p', 'u', 'x'))
