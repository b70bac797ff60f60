-- Roles for which more than one permissive policy decides about one command on one table. A policy for public is one for
-- every role.
with applied as (
    select p.polrelid::regclass as relation, c.command, r.role, count(*) as policies
    from pg_policy as p
    join pg_class as t on t.oid = p.polrelid
    join (values ('r', 'select'), ('a', 'insert'), ('w', 'update'), ('d', 'delete')) as c (code, command)
        on p.polcmd::text in (c.code, '*')
    join unnest(array['anon', 'authenticated', 'chat_server', 'service_role']) as r (role)
        on 0 = any (p.polroles) or r.role::regrole = any (p.polroles)
    where t.relowner = 'frontdesk_owner'::regrole and p.polpermissive
    group by 1, 2, 3
)
select format('%s %s %s', a.relation, a.command, a.role)
from applied as a
where a.policies > 1
order by 1
