-- $1 chunks wanted, $2 length of the lease, $3 its token: leases as many pages as it takes to give out that many chunks,
-- and locks no more than it needs, so that other workers find the rest. Of the first hundred pages in the queue those that
-- miss no vector come along, to be completed. The subselects with a limit stay what they are: one look per page.
with due as materialized (
    select q.id, q.page_id, q.not_before, q.created_at
    from embedding_queue as q
    where q.status = 'pending' and (q.not_before is null or q.not_before <= statement_timestamp())
        and (select true from page_embeddings as e where e.page_id = q.page_id and e.embedding is null limit 1)
    order by q.not_before nulls first, q.created_at, q.id
    limit $1
    for update skip locked
),
missing as (
    select d.id,
        sum(m.chunks) over (order by d.not_before nulls first, d.created_at, d.id) - m.chunks as chunks_before
    from due as d
    cross join lateral (
        select count(*) as chunks
        from page_embeddings as e
        where e.page_id = d.page_id and e.embedding is null
    ) as m
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
    select m.id from missing as m where m.chunks_before < $1
    union all
    select i.id from idle as i
) as l
where q.id = l.id
