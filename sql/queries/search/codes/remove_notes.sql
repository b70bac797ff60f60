-- $1 configuration
delete from frontdesk_internal.uncoded_vectors as u where u.config_id = $1
