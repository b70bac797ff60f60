-- $1 configuration: the codes of its vectors
select c.codes from frontdesk_internal.vector_codes as c where c.config_id = $1
