-- $1 configuration, $2 term
delete from domain_synonym_mappings as d where d.domain_id = $1 and d.term = $2
