-- $1 configuration, $2 a beginning, $3 what follows everything that begins so, $4 most bytes of a block; NULL for all
select v.segment, v.block from frontdesk.read_search_vocabulary($1, $2, $3, $4) as v
