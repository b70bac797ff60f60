-- $1 domain in any spelling or its id as text, $2 least role: the domain, and how it is searched
select r.domain_id, r.config_id, r.name, r.active, d.text_search_config, d.fusion_method, d.fusion_text_weight
from frontdesk.resolve_domain($1, $2) as r
left join domains as d on d.id = r.domain_id
