-- $1 configuration, $2 segments, $3 where a piece begins in each, $4 bytes of a piece
select l.segment, l.start, l.lengths from frontdesk.read_search_lengths($1, $2, $3, $4) as l
