-- $1 configuration, $2 a beginning, $3 what follows everything that begins so, $4 most bytes of a block (NULL for all): the blocks
-- that have lexemes from one up to, but without, the other. Of a block that is cut off, only that much is read.
select s.segment, case when $4::integer is null then b.block else substring(b.block from 1 for $4) end
from frontdesk_internal.search_segments as s
cross join lateral (
    (
        select p.block
        from frontdesk_internal.search_postings as p
        where p.segment = s.segment and p.first_lexeme <= $2
        order by p.first_lexeme desc
        limit 1
    )
    union all
    select p.block
    from frontdesk_internal.search_postings as p
    where p.segment = s.segment and p.first_lexeme > $2 and p.first_lexeme < $3
) as b
where s.domain_id = $1
