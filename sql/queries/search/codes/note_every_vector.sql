-- $1 configuration: its vectors have no codes
insert into frontdesk_internal.uncoded_vectors (config_id, chunk_id)
select v.config_id, v.chunk_id from frontdesk_internal.chunk_vectors as v where v.config_id = $1
