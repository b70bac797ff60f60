-- $1 chunk ids, $2 how many chunks before and after each: their texts in the order of their page. A chunk without a number
-- has no neighbours.
select w.place, n.texts
from unnest($1::uuid[]) with ordinality as w (id, place)
cross join lateral (
    select
        c.page_id,
        case jsonb_typeof(c.metadata -> 'chunk_index') when 'number' then (c.metadata ->> 'chunk_index')::numeric end as number
    from page_embeddings as c
    where c.id = w.id
) as c
cross join lateral (
    select array_agg(e.chunk_text order by (e.metadata ->> 'chunk_index')::numeric, e.id) as texts
    from page_embeddings as e
    where e.page_id = c.page_id
        and left(e.metadata ->> 'chunk_index', 500) = any (
            array(select i::text from generate_series(c.number - $2, c.number + $2) as i)
        )
) as n
where n.texts is not null
