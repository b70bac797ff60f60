select s.statement
from (
    select 1 as step, 'create schema frontdesk_internal' as statement where to_regnamespace('frontdesk_internal') is null
    union all
    select 2, 'grant usage on schema frontdesk_internal to frontdesk_owner'
) as s
order by s.step
