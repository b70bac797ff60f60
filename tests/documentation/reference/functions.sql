-- Everything in the schema frontdesk. Roles: who may call it; none for what only superusers and other functions call.
select
    p.proname::text as name,
    format('%s(%s)', p.proname, pg_get_function_arguments(p.oid)) as signature,
    pg_get_function_result(p.oid) as result,
    p.prorettype = 'trigger'::regtype as is_trigger,
    coalesce((
        select string_agg(format('`%s`', a.grantee::regrole), ', ' order by a.grantee::regrole::text)
        from aclexplode(p.proacl) as a
        where a.grantee::regrole::text in ('anon', 'authenticated', 'chat_server', 'service_role')
    ), '') as roles,
    coalesce(obj_description(p.oid, 'pg_proc'), '') as comment
from pg_proc as p
where p.pronamespace = 'frontdesk'::regnamespace
order by p.proname, pg_get_function_arguments(p.oid)
