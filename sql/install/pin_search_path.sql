-- Every function that resolves names at run time finds them where the extension put them, whoever calls it.
-- Exempt are functions in C that resolve nothing, ours and Postgres' own: a pinned call costs 0.5 us on Postgres 15.
with path as (
    select string_agg(quote_ident(s.name), ', ' order by s.place) || ', pg_temp' as schemas
    from (
        select n.nspname as name, min(p.place) as place
        from (values ('frontdesk', 1), ('vector', 3), ('pg_trgm', 4), ('btree_gin', 5)) as p (extension, place)
        join pg_extension as e on e.extname = p.extension
        join pg_namespace as n on n.oid = e.extnamespace
        group by n.nspname
        union all
        select 'frontdesk', 2
    ) as s
)
select format('alter routine %s set search_path = %s', p.oid::regprocedure, path.schemas)
from pg_proc as p
join pg_language as l on l.oid = p.prolang
join pg_depend as d on d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
join pg_extension as e on d.refclassid = 'pg_extension'::regclass and d.refobjid = e.oid
cross join path
where e.extname = 'frontdesk' and p.pronamespace = 'frontdesk'::regnamespace
    and not (l.lanname = 'internal' and p.provolatile = 'i')
    and not (l.lanname = 'c' and (p.provolatile = 'i' or p.proname = any (array[
        'current_user_id', 'claimed_domain', 'caller_is_operator',
        'accessible_organization_id_array', 'accessible_domain_id_array', 'accessible_config_id_array',
        'accessible_domain_name_array', 'announce_access_change', 'collect_codes', 'collect_similarity'
    ])))
    and not coalesce(p.proconfig, '{}') @> array['search_path=' || path.schemas]
