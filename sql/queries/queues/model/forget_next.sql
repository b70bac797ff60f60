update frontdesk_internal.embedding_model as m set next_name = null, next_dimensions = null, next_set_at = null
