-- Jobs of the domains of some organizations, by joins alone.
select j.queue || ' ' || d.domain, count(*)
from (
    select 'embedding' as queue, p.domain_id from embedding_queue as q join scraped_pages as p on p.id = q.page_id
    union all
    select 'entity_extraction', p.domain_id
    from entity_extraction_queue as q
    join scraped_pages as p on p.id = q.page_id
    union all
    select 'scrape', q.domain_id from scrape_jobs as q
) as j
join domains as d on d.id = j.domain_id
where d.{theirs}
group by 1
