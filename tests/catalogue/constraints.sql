-- $1 lists the kinds: p primary key, u unique, f foreign key.
select
    t.relname || '.' || c.conname as name,
    pg_get_constraintdef(c.oid) as definition
from specified_table t
join pg_constraint c on c.conrelid = t.oid
where c.contype::text = any (string_to_array($1, ','))
