select
    t.relname::text as name,
    count(p.oid)::text as definition
from specified_table t
left join pg_policy p on p.polrelid = t.oid
group by t.relname
