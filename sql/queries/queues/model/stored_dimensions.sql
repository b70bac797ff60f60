select a.atttypmod
from pg_attribute as a
where a.attrelid = 'page_embeddings'::regclass and a.attname = 'embedding'
