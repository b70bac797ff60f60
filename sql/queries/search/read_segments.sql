-- $1 configuration, $2 up to how many chunks of a segment their lengths are read at once
select s.segment, s.documents, s.living, s.living_lengths, s.dead, s.lengths
from frontdesk.read_search_segments($1, $2) as s
