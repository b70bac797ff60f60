-- $1 names of our tables. Tables, views and their sequences belong to a role that nobody can log in as: row level
-- security does not bind the owner of a table, so the owner must not be somebody.
select format('alter table %s owner to frontdesk_owner', c.oid::regclass)
from pg_class as c
where (
        c.relkind in ('r', 'p', 'v')
        -- Of the sequences those of no column: the others follow their table.
        or (c.relkind = 'S' and not exists (select from pg_depend as d where d.objid = c.oid and d.deptype in ('a', 'i')))
    )
    and c.relowner <> 'frontdesk_owner'::regrole
    and (
        c.relnamespace = 'frontdesk_internal'::regnamespace
        or (c.relnamespace = (select extnamespace from pg_extension where extname = 'frontdesk') and c.relname = any ($1))
    )
