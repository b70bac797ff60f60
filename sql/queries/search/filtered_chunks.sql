-- $1 configuration, $2 metadata, $3 content type, $4 age of the page
select f.id from frontdesk.scan_filtered($1, $2, $3, $4) as f (id)
