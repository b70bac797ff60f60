-- $1 chunks wanted, $2 length of the lease, $3 its token: leases as many pages as it takes to give out that many chunks.
-- Pages that miss none come along, to be completed: a hundred at a time even when few chunks are wanted.
with due as materialized (
    select q.id, q.page_id, q.not_before, q.created_at
    from embedding_queue as q
    where q.status = 'pending' and (q.not_before is null or q.not_before <= statement_timestamp())
    order by q.not_before nulls first, q.created_at
    limit greatest($1, 100)
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
)
update embedding_queue as q
set status = 'processing', lease_token = $3, lease_expires_at = statement_timestamp() + $2, error_message = null
from missing as m
where q.id = m.id and m.chunks_before < $1
