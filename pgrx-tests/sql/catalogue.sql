-- One line per fact, without object ids. Privileges that were never changed are written out, as a dump may do. Column
-- options are left out: Postgres 15.20 writes one of its own.
with schemas as (
    select n.oid, n.nspname from pg_namespace as n where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
),
relations as (
    select c.* from pg_class as c join schemas as s on s.oid = c.relnamespace
),
routines as (
    select p.* from pg_proc as p join schemas as s on s.oid = p.pronamespace
)
select line from (
    select format('schema %s owner %s acl %s', n.nspname, n.nspowner::regrole,
        (select string_agg(a::text, ',' order by a::text) from unnest(coalesce(n.nspacl, acldefault('n', n.nspowner))) as a)) as line
    from pg_namespace as n join schemas as s using (oid)
    union all
    select format('relation %s kind %s owner %s rls %s force %s options %s acl %s', c.oid::regclass, c.relkind,
        c.relowner::regrole, c.relrowsecurity, c.relforcerowsecurity, c.reloptions,
        (select string_agg(a::text, ',' order by a::text) from unnest(coalesce(c.relacl, acldefault((case c.relkind when 'S' then 's' else 'r' end)::"char", c.relowner))) as a))
    from relations as c where c.relkind <> 'i'
    union all
    select format('column %s.%s #%s type %s null %s default %s identity %s statistics %s acl %s', c.oid::regclass, a.attname,
        row_number() over (partition by c.oid order by a.attnum), format_type(a.atttypid, a.atttypmod), not a.attnotnull,
        pg_get_expr(d.adbin, d.adrelid), a.attidentity, nullif(a.attstattarget, -1),
        (select string_agg(x::text, ',' order by x::text) from unnest(a.attacl) as x))
    from relations as c
    join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef as d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relkind in ('r', 'p', 'v')
    union all
    select format('constraint %s.%s %s', t.conrelid::regclass, t.conname, pg_get_constraintdef(t.oid))
    from pg_constraint as t join relations as c on c.oid = t.conrelid
    union all
    select format('index %s valid %s', pg_get_indexdef(i.indexrelid), i.indisvalid)
    from pg_index as i join relations as c on c.oid = i.indexrelid
    union all
    select format('policy %s.%s %s %s roles %s using %s check %s', p.polrelid::regclass, p.polname, p.polcmd, p.polpermissive,
        (select string_agg(r::regrole::text, ',' order by r::regrole::text) from unnest(p.polroles) as r),
        pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
    from pg_policy as p
    union all
    select format('trigger %s enabled %s', pg_get_triggerdef(t.oid), t.tgenabled)
    from pg_trigger as t join relations as c on c.oid = t.tgrelid where not t.tgisinternal
    union all
    select format('view %s %s', c.oid::regclass, pg_get_viewdef(c.oid)) from relations as c where c.relkind = 'v'
    union all
    select format('routine %s owner %s definer %s volatility %s leakproof %s settings %s acl %s', p.oid::regprocedure,
        p.proowner::regrole, p.prosecdef, p.provolatile, p.proleakproof, p.proconfig,
        (select string_agg(a::text, ',' order by a::text) from unnest(coalesce(p.proacl, acldefault('f', p.proowner))) as a))
    from routines as p
    union all
    select format('comment on %s: %s', pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description)
    from pg_description as d
    where (d.classoid = 'pg_class'::regclass and d.objoid in (select c.oid from relations as c))
        or (d.classoid = 'pg_proc'::regclass and d.objoid in (select p.oid from routines as p))
    union all
    select format('member %s of %s', pg_describe_object(d.classid, d.objid, d.objsubid), e.extname)
    from pg_depend as d join pg_extension as e on e.oid = d.refobjid
    where d.refclassid = 'pg_extension'::regclass and d.deptype = 'e' and e.extname = 'frontdesk'
) as lines
order by line
