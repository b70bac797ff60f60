-- $1 configuration, $2 number: whether at least so many notes of it wait; stops counting there. Written for search_changes; the
-- other tables of notes have the configuration in config_id.
select count(*) >= $2
from (select from frontdesk_internal.search_changes as n where n.domain_id = $1 limit $2) as counted
