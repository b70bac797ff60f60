-- $1 configuration, $2 segments
delete from frontdesk_internal.search_segments as s where s.domain_id = $1 and s.segment = any ($2)
