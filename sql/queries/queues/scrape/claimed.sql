-- $1 jobs: what a crawler needs of them, in their order
select q.id, q.domain, q.job_type, coalesce(q.metadata, '{}')
from unnest($1::uuid[]) with ordinality as l (id, place)
join scrape_jobs as q on q.id = l.id
order by l.place
