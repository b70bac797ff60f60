-- Our tables and views: schema (ours or frontdesk_internal), name, kind, comment.
select
    case when n.nspname = 'frontdesk_internal' then 'internal' else 'installed' end as place,
    c.relname::text as name,
    case c.relkind when 'v' then 'view' else 'table' end as kind,
    obj_description(c.oid, 'pg_class') as comment
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
where c.relkind in ('r', 'v') and c.relowner = 'frontdesk_owner'::regrole
order by c.relname
