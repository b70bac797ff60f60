-- $1 configuration, $2 chunk ids: those that the caller may see. By their key, one by one: a plan for the average tenant
-- would read all chunks of a large one.
select e.id
from unnest($2::uuid[]) as w (id)
cross join lateral (
    select c.id from page_embeddings as c where c.id = w.id and c.domain_id = $1 offset 0
) as e
