-- $1 configuration, $2 a beginning, $3 what follows everything that begins so
select v.segment, v.block from frontdesk.read_search_vocabulary($1, $2, $3) as v
