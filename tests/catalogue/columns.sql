select
    t.relname || '.' || a.attname as name,
    row_number() over (partition by t.oid order by a.attnum) as position,
    format_type(a.atttypid, a.atttypmod) as type,
    not a.attnotnull as nullable,
    case
        when a.attidentity <> '' then 'identity'
        when a.attgenerated <> '' then 'generated ' || pg_get_expr(d.adbin, d.adrelid)
        else coalesce(pg_get_expr(d.adbin, d.adrelid), '-')
    end as filled_with,
    coalesce(col_description(t.oid, a.attnum), '') as comment
from specified_table t
join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
