select t.relname::text as name, 'table' as definition
from specified_table t
