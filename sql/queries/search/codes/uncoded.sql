-- $1 configuration: its chunks whose vector has no code
select distinct u.chunk_id from frontdesk_internal.uncoded_vectors as u where u.config_id = $1
