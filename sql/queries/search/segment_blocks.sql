-- $1 segment: its blocks in order
select p.block from frontdesk_internal.search_postings as p where p.segment = $1 order by p.first_lexeme
