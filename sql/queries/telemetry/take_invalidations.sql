-- $1 at most so many hours, the newest first. Deletes exactly the notes that this statement sees and returns their
-- hours; what is committed later stays for the next refresh.
with hours as (
    select i.hour
    from frontdesk_internal.rollup_invalidations as i
    group by i.hour
    order by i.hour desc
    limit $1
),
taken as (
    delete from frontdesk_internal.rollup_invalidations as i
    using hours as h
    where i.hour = h.hour
    returning i.hour
)
select distinct t.hour from taken as t
