-- What a user may call: what is granted to a role, and what only a superuser or a login of the operator's choice calls.
-- Not the guards that functions which run as their caller begin with, nor what search looks up with the owner's rights.
select distinct p.proname::text
from pg_proc as p
cross join lateral aclexplode(p.proacl) as a
where p.pronamespace = 'frontdesk'::regnamespace
    and p.proname !~ '^(require_|refuse_|tsvector_matches|synonym_entries)'
    and p.proname !~ '^(require|refuse|scan|active)_'
    and p.proname <> 'synonym_entries'
    and (
        a.grantee::regrole::text in ('authenticated', 'chat_server', 'service_role')
        or p.proname in ('act_as', 'install_schema')
    )
order by 1
