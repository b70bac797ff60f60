-- ts_rank alone: $1 words, $2 vector (not used), $3 rows, $4 configuration
select e.id, e.chunk_text
from page_embeddings as e, (select {query} as query) as q
where e.domain_id = $4 and e.search_vector @@ q.query and $2::vector is not null
order by ts_rank(e.search_vector, q.query) desc
limit $3::integer
