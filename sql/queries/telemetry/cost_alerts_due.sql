-- The cost alerts over their threshold now: hourly, daily and monthly sums of the current period in UTC, and the most
-- expensive request of the last 24 hours. Runs as the caller, who sees the alerts and the telemetry of their domains;
-- alerts without a domain and the rows they add up are visible to operators alone.
with periods as (
    select k.alert_type,
        date_trunc(k.unit, now() at time zone 'UTC') at time zone 'UTC' as period_start,
        (date_trunc(k.unit, now() at time zone 'UTC') + ('1 ' || k.unit)::interval) at time zone 'UTC' as period_end
    from (values ('hourly', 'hour'), ('daily', 'day'), ('monthly', 'month')) as k (alert_type, unit)
    union all
    select 'per_request', now() - interval '24 hours', 'infinity'
)
select a.id, a.domain, a.alert_type, a.threshold_usd, spent.usd, p.period_start
from chat_cost_alerts as a
join periods as p on p.alert_type = a.alert_type
cross join lateral (
    select case a.alert_type when 'per_request' then max(t.cost_usd) else sum(t.cost_usd) end as usd
    from chat_telemetry as t
    where t.created_at >= p.period_start and t.created_at < p.period_end
        and (a.domain is null or t.domain = a.domain)
) as spent
where spent.usd > a.threshold_usd
order by a.domain nulls first, a.alert_type
