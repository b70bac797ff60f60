-- $1 configuration, $2 vector, $3 depth
select s.chunk_id, s.similarity from frontdesk.scan_vector_codes($1, $2, $3) as s
