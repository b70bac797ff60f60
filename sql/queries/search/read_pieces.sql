-- $1 configuration, $2 segments, $3 where a piece begins in each, $4 bytes of a piece: pieces of the ids of chunks. Written for
-- ids; lengths are read so too.
select p.segment, p.start, d.piece
from unnest($2::bigint[], $3::integer[]) as p (segment, start)
-- Stored as they are, in pieces: only these are read.
cross join lateral (
    select substring(s.ids from p.start + 1 for $4) as piece
    from frontdesk_internal.search_segments as s
    where s.domain_id = $1 and s.segment = p.segment
    offset 0
) as d
