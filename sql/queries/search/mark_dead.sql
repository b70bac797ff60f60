-- $1 configuration, $2 segment, $3 which chunks are gone, $4 how many are not, $5 their lengths by weight together
update frontdesk_internal.search_segments as s
set dead = $3, living = $4, living_lengths = $5
where s.domain_id = $1 and s.segment = $2
