-- $1 configuration, $2 lexemes, $3 most bytes of a block; NULL for all
select p.segment, p.place, p.block from frontdesk.read_search_postings($1, $2, $3) as p
