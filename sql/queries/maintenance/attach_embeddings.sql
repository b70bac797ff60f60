-- $1 at most so many. Chunks written while their domain's configuration was being made belong to none yet.
update page_embeddings as e
set domain_id = x.config_id
from (
    select n.id, c.id as config_id
    from page_embeddings as n
    join scraped_pages as p on p.id = n.page_id
    join domains as d on d.id = p.domain_id
    join customer_configs as c on c.domain = d.domain
    where n.domain_id is null
    limit $1
) as x
where e.id = x.id
