-- Turns the mark of a TRUNCATE into a note for each bucket there is. A bucket is touched through its first hour, which
-- lies in the day, week and month that begin with it.
with marks as (
    delete from frontdesk_internal.rollup_invalidations as i where i.hour is null returning i.id
)
insert into frontdesk_internal.rollup_invalidations (hour, domain, model)
select buckets.bucket_start, '', ''
from (
    select r.bucket_start from chat_telemetry_rollups as r
    union
    select r.bucket_start from chat_telemetry_domain_rollups as r
    union
    select r.bucket_start from chat_telemetry_model_rollups as r
) as buckets
where exists (select from marks)
