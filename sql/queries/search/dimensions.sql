-- $1 vector: its dimensions, and those of the stored vectors
select vector_dims($1), a.atttypmod
from pg_attribute as a
where a.attrelid = 'page_embeddings'::regclass and a.attname = 'embedding'
