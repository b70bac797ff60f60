-- $1 jobs in the order of the line, locked, $2 at most this many: chunks without a vector that may be tried now, and where the
-- rows of their jobs are
with line as materialized (
    select q.id, q.ctid as tid, q.page_id, l.place
    from unnest($1::uuid[]) with ordinality as l (id, place)
    join embedding_queue as q on q.id = l.id
),
-- Texts are put together only of what is given out: a page may have thousands of chunks.
chunks as materialized (
    select e.id, e.page_id, l.id as job_id, l.tid, l.place, e.metadata -> 'chunk_index' as index, e.content_hash, e.heading_path,
        e.chunk_text
    from line as l
    join page_embeddings as e on e.page_id = l.page_id
    where e.target_embedding is null
        and not exists (
            select
            from frontdesk_internal.chunk_failures as f
            where f.chunk_id = e.id and f.content_hash is not distinct from e.content_hash
                and (f.is_dead or f.not_before > statement_timestamp())
        )
    order by l.place, index, e.id
    limit $2
)
select c.id, c.page_id, c.job_id, t.content, coalesce(c.content_hash, frontdesk.text_hash(t.content)), c.tid::text
from chunks as c
cross join lateral (select frontdesk.embedded_text(c.heading_path, c.chunk_text) as content offset 0) as t
order by c.place, c.index, c.id
