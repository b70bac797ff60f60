-- Alice sets limits for her domain; asking what has been exceeded is a query that any scheduler can run.

\ir people.sql

begin;
select frontdesk.act_as(user_id => :'alice') \gset
insert into chat_cost_alerts (domain, alert_type, threshold_usd)
values
    ('docs.postgresql.example', 'monthly', 50.00),
    ('docs.postgresql.example', 'per_request', 0.005);

\echo 'Limits'
select domain, alert_type, threshold_usd from chat_cost_alerts order by alert_type;

\echo 'Exceeded'
select domain, alert_type, threshold_usd, round(spent_usd, 4) as spent_usd, period_start
from frontdesk.check_cost_alerts();
commit;
