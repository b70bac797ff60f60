-- $1 jobs: those whose pages nobody writes at the moment, with the pages locked. A row that is written twice in a transaction
-- has its foreign key checked, which would wait for a page that somebody holds who waits for the job.
select q.id
from unnest($1::uuid[]) as j (id)
join any_queue as q on q.id = j.id
join scraped_pages as p on p.id = q.page_id
order by q.id
for key share of p skip locked
