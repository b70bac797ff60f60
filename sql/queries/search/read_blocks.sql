-- $1 configuration: all blocks of its segments
select s.segment, b.block
from frontdesk_internal.search_segments as s
cross join lateral (
    select p.block from frontdesk_internal.search_postings as p where p.segment = s.segment offset 0
) as b
where s.domain_id = $1
