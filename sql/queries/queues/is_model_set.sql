-- $1 name, $2 dimensions
select exists (select from frontdesk_internal.embedding_model as m where m.name = $1 and m.dimensions = $2)
