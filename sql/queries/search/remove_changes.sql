-- $1 configuration
delete from frontdesk_internal.search_changes as c where c.domain_id = $1
