-- $1 jobs: what a worker needs of them, in their order
select q.page_id, d.domain, p.url, p.title, p.content, p.content_hash, b.business_type, b.extraction_config
from unnest($1::uuid[]) with ordinality as l (id, place)
join entity_extraction_queue as q on q.id = l.id
join scraped_pages as p on p.id = q.page_id
join domains as d on d.id = p.domain_id
left join customer_configs as c on c.domain = d.domain
left join business_classifications as b on b.domain_id = c.id
order by l.place
