-- $1 name, $2 dimensions
insert into frontdesk_internal.embedding_model (name, dimensions)
values ($1, $2)
on conflict (singleton) do update set name = excluded.name, dimensions = excluded.dimensions, set_at = now()
