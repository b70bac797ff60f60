-- $1 leased pages, $2 chunks whose vectors were stored, $3 chunks whose vectors were unusable, $4 attempts allowed, $5 what
-- was wrong. Pages with all vectors are completed, the others return to the queue. A page for which there was nothing but
-- unusable vectors has spent an attempt and pauses, as in fail_jobs.sql.
with handed_in as materialized (
    select e.page_id, bool_or(h.is_stored) as has_stored
    from (
        select s.id, true as is_stored from unnest($2::uuid[]) as s (id)
        union all
        select u.id, false from unnest($3::uuid[]) as u (id)
    ) as h
    join page_embeddings as e on e.id = h.id
    group by e.page_id
)
update embedding_queue as q
set status = case
        when not s.is_missing then 'completed'
        when s.has_failed and coalesce(q.retry_count, 0) + 1 >= $4 then 'failed'
        else 'pending'
    end,
    retry_count = case when s.has_failed then coalesce(q.retry_count, 0) + 1 when s.has_stored then 0 else q.retry_count end,
    error_message = case when s.has_failed then $5 end,
    not_before = case
        when s.has_failed
        then statement_timestamp()
            + random() * least(interval '30 seconds' * power(2, least(coalesce(q.retry_count, 0), 10)), interval '1 hour')
    end,
    lease_token = null, lease_expires_at = null
from (
    select p.id, m.is_missing, m.is_missing and not h.has_stored as has_failed, h.has_stored
    from unnest($1::uuid[]) as p (id)
    left join handed_in as h on h.page_id = p.id
    cross join lateral (
        select exists (select from page_embeddings as e where e.page_id = p.id and e.embedding is null) as is_missing
    ) as m
) as s
where q.page_id = s.id
