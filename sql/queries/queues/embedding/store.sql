-- $1 leased jobs, $2 chunk ids, $3 hashes of the texts that were embedded, $4 vectors as text (null: unusable)
with given as materialized (
    select g.id, g.hash, g.embedding, g.place
    from unnest($2::uuid[], $3::text[], $4::text[]) with ordinality as g (id, hash, embedding, place)
),
-- Of a chunk that is named twice the first counts.
due as materialized (
    select distinct on (e.id) e.id, g.place, g.embedding
    from given as g
    join page_embeddings as e on e.id = g.id
    join embedding_queue as q on q.page_id = e.page_id and e.id = any (q.leased_chunks)
    where q.id = any ($1)
        and g.hash = coalesce(e.content_hash, frontdesk.text_hash(frontdesk.embedded_text(e.heading_path, e.chunk_text)))
    order by e.id, g.place
),
stored as (
    update page_embeddings as e
    set target_embedding = d.embedding::vector, embedding_model = $5
    from due as d
    where e.id = d.id and d.embedding is not null
    returning e.id
),
mended as (
    delete from frontdesk_internal.chunk_failures as f
    using due as d
    where f.chunk_id = d.id and d.embedding is not null
)
select g.id, case when g.embedding is null then 'invalid' when s.id is not null then 'stored' else 'stale' end
from given as g
left join due as d on d.place = g.place
left join stored as s on s.id = d.id
order by g.place
