-- Columns that say what a row is, whose it is, what it hangs on or when it was made, and that people may update all the same.
select format('%s may update %s.%s', r.role, c.oid::regclass, a.attname)
from pg_class as c
join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
cross join unnest(array['anon', 'authenticated', 'chat_server']) as r (role)
where c.relowner = 'frontdesk_owner'::regrole and c.relkind in ('r', 'p')
    and has_column_privilege(r.role, c.oid, a.attnum, 'update')
    and (
        a.attname ~ '^(id|domain|created_at|updated_at|user_id|token|invited_by|email|slug|max_seats|verified_at|aliases)$'
        or a.attname ~ '_id$'
        or exists (
            select from pg_constraint as k
            where k.conrelid = c.oid and k.contype in ('p', 'f') and a.attnum = any (k.conkey)
        )
    )
order by 1
