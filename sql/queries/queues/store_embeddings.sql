-- $1 token of the lease, $2 chunk ids, $3 hashes of the texts that were embedded, $4 vectors as text (null: unusable)
with given as materialized (
    select g.id, g.hash, g.embedding, g.place
    from unnest($2::uuid[], $3::text[], $4::text[]) with ordinality as g (id, hash, embedding, place)
),
stored as (
    update page_embeddings as e
    set embedding = g.embedding::vector, embedding_model = m.name
    from given as g, frontdesk_internal.embedding_model as m
    where e.id = g.id and e.content_hash = g.hash and g.embedding is not null
        and exists (
            select from embedding_queue as q
            where q.page_id = e.page_id and q.lease_token = $1 and q.lease_expires_at >= now()
        )
    returning e.id
)
select g.id, case when s.id is not null then 'stored' when g.embedding is null then 'invalid' else 'stale' end
from given as g
left join stored as s on s.id = g.id
order by g.place
