-- $1 leased jobs, $2 chunks: takes the chunks out of the leases. A row for each job that had some of them: the job, when it
-- is left with none and so remains to be settled.
with leased as materialized (
    select j.id, array(select c.id from unnest(j.leased_chunks) as c (id) where c.id <> all ($2)) as chunks
    from embedding_queue as j
    where j.id = any ($1) and j.leased_chunks && $2
),
shortened as (
    update embedding_queue as q
    set leased_chunks = l.chunks
    from leased as l
    where q.id = l.id and l.chunks <> '{}'
)
select case when l.chunks = '{}' then l.id end from leased as l
