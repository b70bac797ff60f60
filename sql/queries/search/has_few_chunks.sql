-- $1 configuration, $2 limit: whether the tenant has at most that many chunks; stops counting there
select count(*) <= $2
from (select from page_embeddings as e where e.domain_id = $1 limit $2 + 1) as counted
