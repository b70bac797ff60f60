-- $1 configuration, $2 most chunks: takes all notes about so many chunks that this statement sees. For each whether the
-- segments have it, and its lexemes now, read in the same snapshot.
with picked as materialized (
    select distinct c.chunk_id
    from frontdesk_internal.search_changes as c
    where c.domain_id = $1
    order by c.chunk_id
    limit $2
),
taken as (
    delete from frontdesk_internal.search_changes as c
    using picked as p
    where c.domain_id = $1 and c.chunk_id = p.chunk_id
    returning c.chunk_id, c.id, c.replaced is not null as is_indexed
)
select t.chunk_id, t.is_indexed, e.search_vector
from (
    select n.chunk_id, (array_agg(n.is_indexed order by n.id))[1] as is_indexed from taken as n group by n.chunk_id
) as t
-- By its key, one by one: a plan for the average number would read all chunks of all tenants.
left join lateral (
    select e.search_vector from page_embeddings as e where e.id = t.chunk_id and e.domain_id = $1 offset 0
) as e on true
