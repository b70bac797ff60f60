-- $1 configuration, $2 segment
select frontdesk.read_search_ids($1, $2)
