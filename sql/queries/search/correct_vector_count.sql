-- $1 configuration: makes the number of its vectors what is there; both are read in one snapshot
insert into frontdesk_internal.vector_counts (config_id, vectors)
select $1, d.difference
from (
    select
        (select count(*) from frontdesk_internal.chunk_vectors as v where v.config_id = $1)
        - (select coalesce(sum(c.vectors), 0) from frontdesk_internal.vector_counts as c where c.config_id = $1) as difference
) as d
where d.difference <> 0
