-- $1 configuration, $2 lexemes, $3 most bytes of a block (NULL for all), $4 up to how many chunks of a segment their lengths and
-- ids are read at once. For every segment a row for each lexeme (place, from 1), with the block where it must be, or one row
-- without any. In the first row of a segment: how many chunks it has, how long they are, and which are gone; in every row whether
-- any chunks of the configuration have changed. Of a block that is cut off, only that much is read.
select s.segment, coalesce(w.place, 1)::integer, b.block,
    s.documents, s.living,
    case when coalesce(w.place, 1) = 1 then s.living_lengths end,
    case when coalesce(w.place, 1) = 1 then s.dead end,
    case when coalesce(w.place, 1) = 1 and s.documents <= $4 then s.lengths end,
    case when coalesce(w.place, 1) = 1 and s.documents <= $4 then s.ids end,
    (select exists (select from frontdesk_internal.search_changes as c where c.domain_id = $1))
from frontdesk_internal.search_segments as s
left join unnest($2::bytea[]) with ordinality as w (lexeme, place) on true
left join lateral (
    select case when $3::integer is null then p.block else substring(p.block from 1 for $3) end as block
    from frontdesk_internal.search_postings as p
    where p.segment = s.segment and p.first_lexeme <= w.lexeme
    order by p.first_lexeme desc
    limit 1
) as b on true
where s.domain_id = $1
order by s.segment
