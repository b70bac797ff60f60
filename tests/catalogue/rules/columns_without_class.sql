select t.oid::regclass || '.' || a.attname as offender
from our_table t
join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
where coalesce(col_description(t.oid, a.attnum), '')
    !~ '[^ ] \[(none|identifier|quasi-identifier|content|secret)\]$'
