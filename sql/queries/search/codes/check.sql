-- $1 configuration: its vectors, and whether they wait for a code
select v.chunk_id, v.direction::real[],
    exists (
        select from frontdesk_internal.uncoded_vectors as u where u.config_id = $1 and u.chunk_id = v.chunk_id
    )
from frontdesk_internal.chunk_vectors as v
where v.config_id = $1
