-- Alerts of the domains of some organizations whose costs are above the threshold. All telemetry of the test is of today, of
-- this month and of this hour.
select a.domain, a.alert_type, s.spent
from chat_cost_alerts as a
join domains as d on d.domain = a.domain
cross join lateral (select sum(t.cost_usd) as spent from chat_telemetry as t where t.domain = a.domain) as s
where d.{theirs} and s.spent > a.threshold_usd
