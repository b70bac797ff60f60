select
    c.relname::text as name,
    format(
        '- %s: %s, for %s',
        p.polname,
        case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
        (select string_agg(r::regrole::text, ', ' order by r::regrole::text) from unnest(p.polroles) as r)
    ) as line
from pg_class as c
join pg_policy as p on p.polrelid = c.oid
where c.relowner = 'frontdesk_owner'::regrole
order by c.relname, position(p.polcmd::text in 'rawd*'), p.polname
