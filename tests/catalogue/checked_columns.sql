-- The values that a column is held to, or that it has a bound of another kind.
select
    t.relname || '.' || a.attname as name,
    coalesce('one of ' || string_agg(distinct value[1], ', ' order by value[1]), 'bounded') as definition
from specified_table t
join pg_constraint c on c.conrelid = t.oid and c.contype = 'c' and c.convalidated
join pg_attribute a on a.attrelid = t.oid and a.attnum = any (c.conkey)
left join regexp_matches(pg_get_constraintdef(c.oid), '''([^'']*)''::text', 'g') as value on cardinality(c.conkey) = 1
group by t.relname, a.attname
