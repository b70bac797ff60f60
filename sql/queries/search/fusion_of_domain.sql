-- $1 domain: how its searches are fused; NULL for what is not set
select d.fusion_method, d.fusion_text_weight
from domains as d
where d.id = $1
