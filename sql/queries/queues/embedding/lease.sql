-- $1 job and $2 chunk of each chunk given out, $3 length of the lease, $4 its token
update embedding_queue as q
set status = 'processing', turn = null, lease_token = $4, lease_expires_at = statement_timestamp() + $3,
    leased_chunks = l.chunks, error_message = null
from (
    select g.job_id, array_agg(g.chunk_id) as chunks
    from unnest($1::uuid[], $2::uuid[]) as g (job_id, chunk_id)
    group by g.job_id
) as l
where q.id = l.job_id
