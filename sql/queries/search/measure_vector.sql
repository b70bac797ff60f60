-- $1 vector, $2 configuration: its dimensions, those of the stored vectors, whether cosine distances from it are numbers, and
-- whether the vectors are those of the next model, while one takes the place of another
select vector_dims($1), a.atttypmod, vector_norm($1) between 1e-15 and 1e15, a.attname = 'embedding_next'
from pg_attribute as a
where a.attrelid = 'page_embeddings'::regclass
    and a.attname = case when frontdesk.uses_next_model($2) then 'embedding_next' else 'embedding' end
