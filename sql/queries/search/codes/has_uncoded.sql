-- $1 configuration, $2 number: whether at least so many vectors have no code; stops counting there
select count(*) >= $2
from (select from frontdesk_internal.uncoded_vectors as u where u.config_id = $1 limit $2) as counted
