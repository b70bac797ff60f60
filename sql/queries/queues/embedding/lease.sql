-- $1 job, as the place of its row, and $2 chunk of each chunk given out, $3 length of the lease, $4 its token. Jobs that are
-- locked stay where they are. By its id a job is found among all its former versions, and beside an old snapshot nobody
-- removes those.
update embedding_queue as q
set status = 'processing', turn = null, lease_token = $4, lease_expires_at = statement_timestamp() + $3,
    leased_chunks = l.chunks, error_message = null
from (
    select g.tid, array_agg(g.chunk_id) as chunks
    from unnest($1::tid[], $2::uuid[]) as g (tid, chunk_id)
    group by g.tid
) as l
where q.ctid = l.tid
