-- $1 configuration: its codes are about to be written anew
delete from frontdesk_internal.dead_vector_codes as d where d.config_id = $1
