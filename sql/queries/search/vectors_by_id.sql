-- $1 configuration, $2 chunk ids: their lexemes. By their key, one by one: a plan for the average tenant would read all
-- chunks of a large one.
select e.id, e.search_vector
from unnest($2::uuid[]) as w (id)
cross join lateral (
    select c.id, c.search_vector
    from page_embeddings as c
    where c.id = w.id and c.domain_id = $1 and c.search_vector is not null
    offset 0
) as e
