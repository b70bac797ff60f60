-- $1 configuration, $2 number: whether at least so many changes wait; stops counting there
select count(*) >= $2
from (select from frontdesk_internal.search_changes as c where c.domain_id = $1 limit $2) as counted
