-- $1 role, $2 table: its columns with type, whether they are secret, whether anybody may give them a value, and whether the
-- role may select, insert and update them; at the end whether it may delete rows.
select a.attname::text, format_type(a.atttypid, a.atttypmod),
    coalesce(col_description(a.attrelid, a.attnum) ~ '\[secret\]$', false),
    a.attgenerated = '' and a.attidentity <> 'a',
    has_column_privilege($1, a.attrelid, a.attnum, 'select') and s.is_open,
    has_column_privilege($1, a.attrelid, a.attnum, 'insert') and s.is_open,
    has_column_privilege($1, a.attrelid, a.attnum, 'update') and s.is_open,
    has_table_privilege($1, a.attrelid, 'delete') and s.is_open
from pg_attribute as a
join pg_class as c on c.oid = a.attrelid
cross join lateral (select has_schema_privilege($1, c.relnamespace, 'usage') as is_open) as s
where a.attrelid = $2::text::regclass and a.attnum > 0 and not a.attisdropped
order by a.attnum
