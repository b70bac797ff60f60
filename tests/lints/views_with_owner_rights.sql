-- A view reads with its owner's rights unless it says otherwise, and the owner of our tables is bound by no policy.
select v.oid::regclass
from pg_class as v
where v.relowner = 'frontdesk_owner'::regrole
    and (v.relkind = 'm' or (v.relkind = 'v' and not coalesce(v.reloptions, '{}') && array['security_invoker=true', 'security_invoker=on']))
order by 1
