-- $1 name, $2 dimensions
update frontdesk_internal.embedding_model as m set next_name = $1, next_dimensions = $2, next_set_at = now()
