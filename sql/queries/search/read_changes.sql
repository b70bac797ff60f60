-- $1 configuration
select c.chunk_id, c.replaced, c.present from frontdesk.read_search_changes($1) as c
