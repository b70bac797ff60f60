-- $1 configuration, $2 term in any spelling
delete from domain_synonym_mappings as d where d.domain_id = $1 and d.term = frontdesk.normal_term($2)
