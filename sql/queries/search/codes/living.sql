-- $1 configuration: its chunks that have a vector
select v.chunk_id from frontdesk_internal.chunk_vectors as v where v.config_id = $1
