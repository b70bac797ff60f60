-- $1 leased jobs, $2 chunks or null for all of the lease, $3 error, $4 its class, $5 pause or null, $6 attempts allowed,
-- $7 characters of the error kept. The pauses are those of any/fail.sql; the chunks of a page draw one between them, so
-- that they come back together.
insert into frontdesk_internal.chunk_failures as f (chunk_id, content_hash, attempts, error, not_before, is_dead, failed_at)
select e.id, e.content_hash, a.before + case $4 when 'rate_limited' then 0 else 1 end, left($3, $7),
    statement_timestamp() + nullif(
        coalesce($5, q.jitter * least(interval '30 seconds' * power(2, least(a.before, 10)), interval '1 hour')), '0'
    ),
    $4 = 'fatal' or ($4 = 'retryable' and a.before + 1 >= $6), statement_timestamp()
from (
    select j.page_id, j.leased_chunks, random() as jitter
    from embedding_queue as j
    where j.id = any ($1)
) as q
join page_embeddings as e on e.id = any (q.leased_chunks) and e.page_id = q.page_id
left join frontdesk_internal.chunk_failures as p
    on p.chunk_id = e.id and p.content_hash is not distinct from e.content_hash
cross join lateral (select coalesce(p.attempts, 0) as before) as a
where e.target_embedding is null and ($2 is null or e.id = any ($2))
on conflict (chunk_id) do update
set content_hash = excluded.content_hash, attempts = excluded.attempts, error = excluded.error,
    not_before = excluded.not_before, is_dead = excluded.is_dead, failed_at = excluded.failed_at
