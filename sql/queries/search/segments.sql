-- $1 configuration: its segments
select s.segment, s.documents, s.living, s.living_lengths, s.dead
from frontdesk_internal.search_segments as s
where s.domain_id = $1
order by s.segment
