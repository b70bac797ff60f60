-- Forced row level security is as wrong as none: it would bind the owner, and with it pg_dump.
select t.relname::text as offender
from specified_table t
where not t.relrowsecurity or t.relforcerowsecurity
