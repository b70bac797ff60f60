-- Policies that let people write without saying what a written row must look like. Without WITH CHECK an update is held to
-- USING, which is right only as long as nobody changes one of them.
select format('"%s" on %s', p.polname, p.polrelid::regclass)
from pg_policy as p
join pg_class as t on t.oid = p.polrelid
where t.relowner = 'frontdesk_owner'::regrole
    and p.polcmd in ('a', 'w', '*')
    and (
        p.polwithcheck is null
        or (pg_get_expr(p.polwithcheck, p.polrelid) = 'true' and p.polroles <> array['service_role'::regrole::oid])
    )
order by 1
