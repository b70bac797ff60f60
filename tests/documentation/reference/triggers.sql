select
    c.relname::text as name,
    format(
        '- `%s`, %s %s for each %s: %s',
        t.tgname,
        case when t.tgtype & 2 = 2 then 'before' else 'after' end,
        array_to_string(array_remove(array[
            case when t.tgtype & 4 = 4 then 'insert' end,
            case when t.tgtype & 16 = 16 then 'update' end,
            case when t.tgtype & 8 = 8 then 'delete' end,
            case when t.tgtype & 32 = 32 then 'truncate' end
        ], null), ', '),
        case when t.tgtype & 1 = 1 then 'row' else 'statement' end,
        regexp_replace(obj_description(t.tgfoid, 'pg_proc'), '^Trigger: ', '')
    ) as line
from pg_class as c
join pg_trigger as t on t.tgrelid = c.oid and not t.tgisinternal
where c.relowner = 'frontdesk_owner'::regrole
order by c.relname, t.tgname
