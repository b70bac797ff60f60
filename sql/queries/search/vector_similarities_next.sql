-- $1 configuration, $2 vector of the next model, $3 chunk ids. By their key, one by one: a plan for the average tenant would
-- read all chunks of a large one.
select e.id, (1 - e.distance)::real
from unnest($3::uuid[]) as w (id)
cross join lateral (
    select c.id, c.embedding_next <=> $2 as distance
    from page_embeddings as c
    where c.id = w.id and c.domain_id = $1 and c.embedding_next is not null
    offset 0
) as e
where e.distance <> 'NaN'
