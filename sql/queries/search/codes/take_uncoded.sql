-- $1 configuration, $2 most rows: takes so many of its notes
with taken as (
    delete from frontdesk_internal.uncoded_vectors as u
    where u.ctid = any (array(
        select n.ctid from frontdesk_internal.uncoded_vectors as n where n.config_id = $1 limit $2
    ))
    returning u.chunk_id
)
select t.chunk_id from taken as t
