-- The recipe that is widely copied, with its tenant filter written in: $1 words, $2 vector, $3 rows, $4 configuration
with full_text as (
    select e.id, row_number() over (order by ts_rank_cd(e.search_vector, q.query) desc) as place
    from page_embeddings as e, (select {query} as query) as q
    where e.domain_id = $4 and e.search_vector @@ q.query
    order by place
    limit least($3::integer, 30) * 2
),
semantic as (
    select e.id, row_number() over (order by e.embedding <=> $2) as place
    from page_embeddings as e
    where e.domain_id = $4
    order by place
    limit least($3::integer, 30) * 2
)
select e.id, e.chunk_text
from full_text
full outer join semantic on full_text.id = semantic.id
join page_embeddings as e on e.id = coalesce(full_text.id, semantic.id)
order by coalesce(1.0 / (50 + full_text.place), 0.0) + coalesce(1.0 / (50 + semantic.place), 0.0) desc
limit least($3::integer, 30)
