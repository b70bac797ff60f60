-- Deleting a parent looks for its children by the key alone: only an index that holds all of them and begins with the key helps.
select t.relname || '.' || a.attname as offender
from our_table t
join pg_constraint c on c.conrelid = t.oid and c.contype = 'f'
join pg_attribute a on a.attrelid = t.oid and a.attnum = c.conkey[1]
where not exists (
    select
    from pg_index x
    join pg_class i on i.oid = x.indexrelid
    join pg_am m on m.oid = i.relam
    where x.indrelid = t.oid
      and m.amname = 'btree'
      and x.indisvalid
      and x.indkey[0] = a.attnum
      and coalesce(pg_get_expr(x.indpred, t.oid) = format('(%I IS NOT NULL)', a.attname), true)
)
