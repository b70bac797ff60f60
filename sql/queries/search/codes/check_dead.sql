-- $1 configuration: chunks of which it is known that they have codes of vectors that are gone
select d.chunk_id from frontdesk_internal.dead_vector_codes as d where d.config_id = $1
