-- $1 segment: its blocks, to be compared with the chunks
select p.block from frontdesk_internal.search_postings as p where p.segment = $1
