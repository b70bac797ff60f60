-- Two indexes of one table that answer the same questions. The direction of a single column does not matter: a btree is read either way.
select string_agg(i.relname, ' = ' order by i.relname) as offender
from our_table t
join pg_index x on x.indrelid = t.oid
join pg_class i on i.oid = x.indexrelid
group by
    t.oid, i.relam, x.indkey::text, x.indnkeyatts, x.indclass::text, x.indcollation::text,
    case when x.indnkeyatts > 1 then x.indoption::text end,
    pg_get_expr(x.indexprs, t.oid), pg_get_expr(x.indpred, t.oid)
having count(*) > 1
