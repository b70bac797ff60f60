-- $1 leased pages, $2 chunk ids, $3 hashes of the texts that were embedded, $4 vectors as text (null: unusable)
with given as materialized (
    select g.id, g.hash, g.embedding, g.place
    from unnest($2::uuid[], $3::text[], $4::text[]) with ordinality as g (id, hash, embedding, place)
),
stored as (
    update page_embeddings as e
    set embedding = g.embedding::vector, embedding_model = m.name
    from given as g, frontdesk_internal.embedding_model as m
    where e.id = g.id and e.page_id = any ($1) and g.embedding is not null
        and g.hash = coalesce(e.content_hash, frontdesk.text_hash(frontdesk.embedded_text(e.heading_path, e.chunk_text)))
    returning e.id
)
select g.id, case when g.embedding is null then 'invalid' when s.id is not null then 'stored' else 'stale' end
from given as g
left join stored as s on s.id = g.id
order by g.place
