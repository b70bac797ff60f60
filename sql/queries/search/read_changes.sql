-- $1 configuration: its chunks that are not in the index of words as they are: their lexemes there, and their lexemes now
select distinct on (c.chunk_id) c.chunk_id, c.replaced, e.search_vector
from frontdesk_internal.search_changes as c
left join lateral (
    select e.search_vector from page_embeddings as e where e.id = c.chunk_id and e.domain_id = $1 offset 0
) as e on true
where c.domain_id = $1
order by c.chunk_id, c.id
