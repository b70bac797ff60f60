-- $1 configuration, $2 vector, $3 chunk ids
select s.chunk_id, s.similarity from frontdesk.scan_vectors_of($1, $2, $3) as s
