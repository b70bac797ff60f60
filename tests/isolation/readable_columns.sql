-- role, table and the columns of it that the role may read, for every table and view of ours that it may read at all
select r.role, c.oid::regclass, string_agg(quote_ident(a.attname), ', ' order by a.attnum)
from pg_class as c
join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
cross join unnest(array['authenticated', 'chat_server']) as r (role)
where c.relowner = 'frontdesk_owner'::regrole and c.relkind in ('r', 'p', 'v')
    and has_schema_privilege(r.role, c.relnamespace, 'usage')
    and has_column_privilege(r.role, c.oid, a.attnum, 'select')
group by 1, 2
order by 1, 2
