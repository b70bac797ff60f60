-- Tables named like ours and like those of Postgres, with the ids of the second tenant of the harness in them.
create temporary table organization_members as
select gen_random_uuid() as id, 'a0000000-0000-4000-8000-000000000002'::pg_catalog.uuid as organization_id, u.user_id,
    'owner'::pg_catalog.text as role, now() as created_at
from (
    select frontdesk.current_user_id() as user_id
    union all
    select 'b0000001-0000-4000-8000-000000000002'::pg_catalog.uuid
) as u;
create temporary table organizations as
select 'a0000000-0000-4000-8000-000000000002'::pg_catalog.uuid as id, 'mine'::pg_catalog.text as name, 1000 as max_seats;
create temporary table domains as
select 'd0000000-0000-4000-8000-000000000002'::pg_catalog.uuid as id, d.domain, 'mine'::pg_catalog.text as name,
    'a0000000-0000-4000-8000-000000000002'::pg_catalog.uuid as organization_id, true as active,
    'english'::pg_catalog.text as text_search_config, array[]::pg_catalog.text[] as aliases
from unnest(array['acme.example', 'globex.example']) as d (domain);
create temporary table customer_configs as
select 'c0000000-0000-4000-8000-000000000002'::pg_catalog.uuid as id, d.domain, d.organization_id, true as active,
    array['*'] as allowed_origins, 100 as rate_limit
from pg_temp.domains as d;
create temporary table page_embeddings (id uuid, domain_id uuid);
create temporary table scraped_pages (id uuid, domain_id uuid);
create temporary table domain_synonym_mappings (id uuid, domain_id uuid);
create temporary table global_synonym_mappings (id uuid, term text);
create temporary table embedding_queue (id uuid, domain_id uuid);
create temporary table chat_cost_alerts (id uuid, domain text);
create temporary table gdpr_audit_log (id uuid, domain text);
create temporary table domain_names (name text, organization_id uuid);
create temporary table pg_ts_config as select 1::pg_catalog.oid as oid, 'english'::pg_catalog.name as cfgname;
create temporary table pg_roles (oid oid, rolname name);
create temporary table pg_class (oid oid, relname name);

-- Types named like those that our code casts to and declares.
create domain pg_temp.uuid as pg_catalog.text;
create domain pg_temp.text as pg_catalog.text check (value !~ 'acme');
create domain pg_temp.jsonb as pg_catalog.text;
create domain pg_temp.regconfig as pg_catalog.text;
create domain pg_temp.interval as pg_catalog.text;
create domain pg_temp.vector as pg_catalog.text;

-- Functions and operators named like those that our code calls.
create function pg_temp.current_user_id() returns pg_catalog.uuid language sql
    as 'select ''b0000002-0000-4000-8000-000000000001''::pg_catalog.uuid';
create function pg_temp.claimed_domain() returns pg_catalog.text language sql as 'select ''globex.example''::pg_catalog.text';
create function pg_temp.caller_is_operator() returns boolean language sql as 'select true';
create function pg_temp.accessible_domain_ids(at_least pg_catalog.text default 'viewer') returns setof pg_catalog.uuid
    language sql as 'select ''d0000000-0000-4000-8000-000000000002''::pg_catalog.uuid';
create function pg_temp.array_position(anyarray, anyelement) returns integer language sql as 'select 4';
create function pg_temp.lower(pg_catalog.text) returns pg_catalog.text language sql as 'select ''globex.example''::pg_catalog.text';
create function pg_temp.now() returns timestamptz language sql as 'select ''infinity''::timestamptz';
create function pg_temp.always(pg_catalog.uuid, pg_catalog.uuid) returns boolean language sql as 'select true';
create function pg_temp.always(pg_catalog.text, pg_catalog.text) returns boolean language sql as 'select true';
create operator pg_temp.= (leftarg = pg_catalog.uuid, rightarg = pg_catalog.uuid, function = pg_temp.always);
create operator pg_temp.= (leftarg = pg_catalog.text, rightarg = pg_catalog.text, function = pg_temp.always);
create operator pg_temp.<> (leftarg = pg_catalog.text, rightarg = pg_catalog.text, function = pg_temp.always);
create operator pg_temp.~ (leftarg = pg_catalog.text, rightarg = pg_catalog.text, function = pg_temp.always);
