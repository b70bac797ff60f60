-- $1 domain (domains.id). As query_cache.sql.
delete from search_cache as s where s.domain_id = $1
