-- $1 vector, $2 configuration. While one model takes the place of another, the next one answers for some configurations.
-- The vector's dimensions, those of the stored vectors, whether cosine distances from it are numbers, whether the next model
-- answers; how many vectors the configuration has, how many there are in all, and whether the configuration's have an index of
-- their own
select vector_dims($1), a.atttypmod, vector_norm($1) between 1e-15 and 1e15, a.attname = 'embedding_next',
    coalesce(s.vectors, 0), coalesce(s.total, 0), coalesce(s.has_own_index, false)
from pg_attribute as a
left join frontdesk.scan_statistics($2) as s on true
where a.attrelid = 'page_embeddings'::regclass
    and a.attname = case when frontdesk.uses_next_model($2) then 'embedding_next' else 'embedding' end
