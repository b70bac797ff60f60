-- $1 domain in any spelling or its id as text, $2 least role
select r.domain_id, r.config_id, r.name, r.active
from frontdesk.resolve_domain($1, $2) as r
