-- Every table of ours: its name as who_may.txt writes it, its name for any search_path, its primary key as one text, or the
-- place of the row where there is none.
select case when c.relnamespace = e.extnamespace then c.relname::text else format('%s.%s', n.nspname, c.relname) end,
    format('%I.%I', n.nspname, c.relname),
    (
        select format('(%s)::text', coalesce(string_agg(format('%I::text', a.attname), ' || ''/'' || ' order by k.place), 'ctid'))
        from pg_index as i
        cross join unnest(i.indkey) with ordinality as k (attnum, place)
        join pg_attribute as a on a.attrelid = c.oid and a.attnum = k.attnum
        where i.indrelid = c.oid and i.indisprimary
    )
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
cross join pg_extension as e
where e.extname = 'frontdesk' and c.relkind in ('r', 'p')
    and (c.relowner = 'frontdesk_owner'::regrole or c.relnamespace = 'frontdesk_internal'::regnamespace)
order by 1
