-- $1 configuration, $2 lexemes
select p.segment, p.place, p.block from frontdesk.read_search_postings($1, $2) as p
