-- $1 page, $2 its chunks as JSON. A chunk is recognised by the hash of its embedded text and its headings; of equal ones
-- each is used once, in their order.
with described as materialized (
    select d.index, d.text, d.heading_path, d.oversized,
        frontdesk.text_hash(frontdesk.embedded_text(d.heading_path, d.text)) as hash,
        count(*) over () as total
    from jsonb_to_recordset($2) as d (index integer, text text, heading_path text[], oversized boolean)
),
wanted as materialized (
    select d.index, d.text, d.heading_path, d.hash,
        row_number() over (partition by d.hash, d.heading_path order by d.index) as nth,
        jsonb_build_object(
            'chunk_index', d.index, 'total_chunks', d.total, 'content_type', 'page', 'oversized', d.oversized
        ) as metadata
    from described as d
),
present as materialized (
    select e.id, e.content_hash as hash, e.metadata, h.path as heading_path,
        row_number() over (
            partition by e.content_hash, h.path order by e.metadata -> 'chunk_index', e.id
        ) as nth
    from page_embeddings as e
    cross join lateral (select coalesce(e.heading_path, '{}') as path) as h
    where e.page_id = $1
),
kept as materialized (
    select p.id, w.index, w.metadata, p.metadata @> w.metadata is not true as has_moved
    from present as p
    join wanted as w using (hash, heading_path, nth)
),
moved as (
    update page_embeddings as e
    set metadata = coalesce(e.metadata, '{}') || k.metadata
    from kept as k
    where e.id = k.id and k.has_moved
),
removed as (
    delete from page_embeddings as e
    using present as p
    where e.id = p.id and not exists (select from kept as k where k.id = p.id)
    returning e.id
),
added as (
    insert into page_embeddings (page_id, chunk_text, heading_path, content_hash, metadata)
    select $1, w.text, nullif(w.heading_path, '{}'), w.hash, w.metadata || jsonb_build_object('indexed_at', now())
    from wanted as w
    where not exists (select from kept as k where k.index = w.index)
    returning id
)
select (select count(*) from added)::integer, (select count(*) from kept)::integer,
    (select count(*) from removed)::integer
