-- The expressions of every policy on our tables, as the catalogue stores them: name, using or check, tree.
select format('"%s" on %s', p.polname, p.polrelid::regclass), e.kind, e.tree
from pg_policy as p
join pg_class as c on c.oid = p.polrelid
cross join lateral (
    values ('using', p.polqual::text), ('check', p.polwithcheck::text)
) as e (kind, tree)
where c.relowner = 'frontdesk_owner'::regrole and e.tree is not null
order by 1, 2
