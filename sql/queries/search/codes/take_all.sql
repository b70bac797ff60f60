-- $1 configuration: takes all its codes
delete from frontdesk_internal.vector_codes as c where c.config_id = $1 returning c.number, c.codes
