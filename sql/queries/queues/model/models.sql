select m.name, m.dimensions, m.next_name, m.next_dimensions from frontdesk_internal.embedding_model as m
