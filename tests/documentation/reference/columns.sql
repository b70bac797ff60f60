-- The class is the tag at the end of a column's comment.
select
    c.relname::text as name,
    format(
        '| `%s` | %s%s%s | %s | %s |',
        a.attname,
        format_type(a.atttypid, a.atttypmod),
        case when a.attnotnull then ' not null' else '' end,
        case
            when a.attidentity <> '' then ' identity'
            when d.oid is not null then format(' default `%s`', pg_get_expr(d.adbin, d.adrelid))
            else ''
        end,
        coalesce(substring(t.comment from '\[([a-z-]+)\]$'), ''),
        regexp_replace(coalesce(t.comment, ''), ' *\[[a-z-]+\]$', '')
    ) as line
from pg_class as c
join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef as d on d.adrelid = c.oid and d.adnum = a.attnum
cross join lateral (select replace(col_description(c.oid, a.attnum), '|', '\|') as comment) as t
where c.relkind in ('r', 'v') and c.relowner = 'frontdesk_owner'::regrole
order by c.relname, a.attnum
