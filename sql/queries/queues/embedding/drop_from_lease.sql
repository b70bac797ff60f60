-- $1 leased jobs, $2 chunks: takes the chunks out of the leases; the jobs that are left with none
update embedding_queue as q
set leased_chunks = l.chunks
from (
    select j.id, array(select c.id from unnest(j.leased_chunks) as c (id) where c.id <> all ($2)) as chunks
    from embedding_queue as j
    where j.id = any ($1)
) as l
where q.id = l.id and q.leased_chunks && $2
returning case when l.chunks = '{}' then q.id end
