-- Roles of applications that may create objects in a schema in which our functions look for tables, operators or functions.
-- pg_temp is everybody's own; it comes last, and is never searched for operators and functions.
select format('%s may create in %s', r.role, s.name)
from (
    select distinct btrim(part) as name
    from pg_proc as p
    cross join unnest(p.proconfig) as setting
    cross join string_to_table(substring(setting from '^search_path=(.*)$'), ',') as part
    where p.pronamespace = 'frontdesk'::regnamespace
    union
    select 'frontdesk_internal'
) as s
cross join unnest(array['public', 'anon', 'authenticated', 'chat_server', 'service_role']) as r (role)
where s.name <> 'pg_temp' and has_schema_privilege(r.role, s.name, 'create')
order by 1
