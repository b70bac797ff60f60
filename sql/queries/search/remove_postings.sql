-- $1 segments
delete from frontdesk_internal.search_postings as p where p.segment = any ($1)
