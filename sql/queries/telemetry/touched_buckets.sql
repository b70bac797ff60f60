-- $1 granularity, $2 hours: start and end of the buckets in which the hours lie. Days are added in UTC, because a day
-- of the session's time zone may have 23 or 25 hours.
select b.bucket_start at time zone 'UTC', (b.bucket_start + ('1 ' || $1)::interval) at time zone 'UTC'
from (
    select distinct date_trunc($1, h.hour at time zone 'UTC') as bucket_start
    from unnest($2) as h (hour)
) as b
order by b.bucket_start
