-- $1 domain, $2 page, $3 identifier of what the page has ceased to declare
delete from entity_catalog as e where e.domain_id = $1 and e.primary_identifier = $3 and e.page_id = $2
