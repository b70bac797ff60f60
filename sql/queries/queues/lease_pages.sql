-- $1 chunks wanted, $2 length of the lease, $3 its token: leases as many pages as it takes to give out that many chunks,
-- and locks no more, so that other workers find the rest. Of the first hundred pages in the queue those that miss no
-- vector come along, to be completed. The subselects with a limit stay what they are: one look per page.
with head as materialized (
    select q.id, q.not_before, q.created_at, m.chunks
    from embedding_queue as q
    cross join lateral (
        select count(*) as chunks
        from page_embeddings as e
        where e.page_id = q.page_id and e.embedding is null
    ) as m
    where q.status = 'pending' and (q.not_before is null or q.not_before <= statement_timestamp()) and m.chunks > 0
    order by q.not_before nulls first, q.created_at
    limit $1
),
needed as materialized (
    select count(*) as pages
    from (
        select sum(h.chunks) over (order by h.not_before nulls first, h.created_at, h.id) - h.chunks as chunks_before
        from head as h
    ) as h
    where h.chunks_before < $1
),
due as materialized (
    select q.id
    from embedding_queue as q
    where q.status = 'pending' and (q.not_before is null or q.not_before <= statement_timestamp())
        and (select true from page_embeddings as e where e.page_id = q.page_id and e.embedding is null limit 1)
    order by q.not_before nulls first, q.created_at
    limit (select n.pages from needed as n)
    for update skip locked
),
idle as materialized (
    select q.id
    from embedding_queue as q
    where q.id in (
            select h.id
            from embedding_queue as h
            where h.status = 'pending' and (h.not_before is null or h.not_before <= statement_timestamp())
            order by h.not_before nulls first, h.created_at
            limit 100
        )
        and (select true from page_embeddings as e where e.page_id = q.page_id and e.embedding is null limit 1) is null
    for update skip locked
)
update embedding_queue as q
set status = 'processing', lease_token = $3, lease_expires_at = statement_timestamp() + $2, error_message = null
from (
    select d.id from due as d
    union all
    select i.id from idle as i
) as l
where q.id = l.id
