-- $1 token: the pages of the lease, unless it has ended
select q.page_id
from embedding_queue as q
where q.status = 'processing' and q.lease_token = $1 and q.lease_expires_at >= statement_timestamp()
order by q.id
for update
