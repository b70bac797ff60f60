-- $1 domain, $2 url: locks the page, then its place in the queue
with page as materialized (
    select p.id
    from scraped_pages as p
    where p.domain_id = $1 and p.url = $2
    for update
)
select q.id
from page as p
join embedding_queue as q on q.page_id = p.id
for update of q
