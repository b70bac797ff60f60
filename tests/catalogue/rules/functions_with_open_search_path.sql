-- A function that resolves names at run time finds ours first and temporary objects last, whoever calls it.
-- Immutable functions in C resolve nothing, nor do those that read the caller's claims and role, those that give out the
-- caller's sets (they name what they call with its schema), the trigger that announces changes of them and those that look
-- at rows of codes and at distances; policies call most of these in every statement. Aggregates have no settings of their own.
select p.oid::regprocedure::text as offender
from our_function p
join pg_language l on l.oid = p.prolang
where p.prokind in ('f', 'p')
  and not (l.lanname in ('c', 'internal') and p.provolatile = 'i')
  and not (l.lanname = 'c' and p.proname in (
      'current_user_id', 'claimed_domain', 'caller_is_operator', 'accessible_organization_id_array',
      'accessible_domain_id_array', 'accessible_config_id_array', 'accessible_domain_name_array',
      'announce_access_change', 'collect_codes', 'collect_similarity'
  ))
  and not exists (
      select
      from unnest(p.proconfig) as setting,
          string_to_array(substring(setting from '^search_path=(.*)$'), ', ') as path
      where path[1] = (select quote_ident(nspname) from target_schema)
        and path[cardinality(path)] = 'pg_temp'
        and 'frontdesk' = any (path)
        and 'pg_catalog' <> all (path)
  )
