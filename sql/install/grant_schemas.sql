-- Who may look into which schema. A grant on a schema that everybody may use already would only clutter its dump.
select format('grant usage on schema %I to %I', n.nspname, r.rolname)
from pg_extension as e
join pg_namespace as n on n.oid = e.extnamespace
cross join pg_roles as r
where e.extname in ('frontdesk', 'vector', 'pg_trgm', 'btree_gin')
    and r.rolname in ('authenticated', 'chat_server', 'service_role', 'frontdesk_owner')
    and not has_schema_privilege(r.oid, n.oid, 'usage')
group by n.nspname, r.rolname
union all
-- The owner of the tables makes the indexes of a new embedding model.
select format('grant create on schema %I to frontdesk_owner', n.nspname)
from pg_extension as e
join pg_namespace as n on n.oid = e.extnamespace
where e.extname = 'frontdesk' and not has_schema_privilege('frontdesk_owner', n.oid, 'create')
union all
select 'grant usage on schema frontdesk to authenticated, chat_server, service_role, frontdesk_owner'
union all
select 'grant execute on all functions in schema frontdesk to frontdesk_owner'
