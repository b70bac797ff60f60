-- $1 configuration
select s.segment, s.documents, s.living, s.living_lengths, s.dead, s.lengths
from frontdesk.read_search_segments($1) as s
