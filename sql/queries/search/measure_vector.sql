-- $1 vector, $2 whether it is compared with the vectors of the next model, while that takes the place of another: its
-- dimensions, those of the stored vectors, and whether cosine distances from it are numbers
select vector_dims($1), a.atttypmod, vector_norm($1) between 1e-15 and 1e15
from pg_attribute as a
where a.attrelid = 'page_embeddings'::regclass
    and a.attname = case when $2 then 'embedding_next' else 'embedding' end
