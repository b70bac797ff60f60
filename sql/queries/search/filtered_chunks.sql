-- $1 configuration, $2 metadata, $3 content type, $4 age of the page, $5 chunk ids (NULL for all), $6 most rows (NULL for all)
select f.id from frontdesk.scan_filtered($1, $2, $3, $4, $5, $6) as f (id)
