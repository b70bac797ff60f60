-- $1 domain (domains.id). As query_cache.sql.
with counted as (
    insert into frontdesk_internal.corpus_changes (owner_id, changes) values ($1, 1)
)
delete from search_cache as s where s.domain_id = $1
