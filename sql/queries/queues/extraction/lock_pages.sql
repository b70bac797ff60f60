-- $1 pages: locked as the foreign key of entities does, before their jobs, as whoever writes a page does
select p.id
from scraped_pages as p
where p.id = any ($1)
order by p.id
for key share
