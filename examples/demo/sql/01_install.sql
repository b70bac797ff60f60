-- One statement installs everything: the tables into the schema that comes first on the search path (here public), the
-- functions into the schema frontdesk. CASCADE brings pgvector, pg_trgm and btree_gin along.

create extension frontdesk cascade;

\echo
select frontdesk.version(),
    current_setting('server_version') as postgres,
    (select count(*) from pg_tables where schemaname = 'public') as tables,
    (select count(*) from pg_policies where schemaname = 'public') as policies,
    (select count(*) from pg_indexes where schemaname = 'public') as indexes,
    (select count(*) from global_synonym_mappings) as synonyms;
