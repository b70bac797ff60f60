-- $1 most chunks together: segments in which chunks are gone whose words are still there, the smallest first
select s.domain_id, s.segment
from (
    select d.domain_id, d.segment, sum(d.documents) over (order by d.documents, d.segment) as documents
    from frontdesk_internal.search_segments as d
    where d.living < d.documents
) as s
where s.documents <= $1 or s.documents = (select min(d.documents) from frontdesk_internal.search_segments as d where d.living < d.documents)
