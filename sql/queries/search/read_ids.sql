-- $1 configuration, $2 segments, $3 where an id begins in each, $4 bytes of an id
select i.segment, i.start, i.ids from frontdesk.read_search_ids($1, $2, $3, $4) as i
