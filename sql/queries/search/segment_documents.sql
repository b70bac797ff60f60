-- $1 configuration, $2 segment: ids and lengths of its chunks
select s.ids, s.lengths from frontdesk_internal.search_segments as s where s.domain_id = $1 and s.segment = $2
