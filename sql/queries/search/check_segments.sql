-- $1 configuration: its segments, to be compared with its chunks
select s.segment, s.dead, s.ids from frontdesk_internal.search_segments as s where s.domain_id = $1
