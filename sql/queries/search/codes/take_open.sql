-- $1 configuration, $2 vectors in a full row: takes the rows that have room
delete from frontdesk_internal.vector_codes as c
where c.config_id = $1 and c.vectors < $2
returning c.number, c.codes
