-- $1 jobs: what is known of the requests, in their order
select q.id, q.domain, q.email, q.company_name
from unnest($1::uuid[]) with ordinality as l (id, place)
join demo_attempts as q on q.id = l.id
order by l.place
