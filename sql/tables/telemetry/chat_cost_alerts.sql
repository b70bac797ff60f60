-- Limits on spending. A row without a domain is about the sum over all domains; there is one of each type, because
-- nulls count as equal.
create table chat_cost_alerts (
    id uuid not null default gen_random_uuid(),
    domain text,
    alert_type text,
    threshold_usd numeric,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    constraint chat_cost_alerts_pkey primary key (id),
    constraint chat_cost_alerts_domain_alert_type_key unique nulls not distinct (domain, alert_type),
    constraint alert_type_is_known check (alert_type in ('hourly', 'daily', 'monthly', 'per_request')),
    constraint threshold_is_not_negative check (threshold_usd >= 0)
);

alter table chat_cost_alerts enable row level security;

comment on table chat_cost_alerts is 'Thresholds of cost alerts, per domain or for all domains together.';
comment on column chat_cost_alerts.id is 'Primary key. [none]';
comment on column chat_cost_alerts.domain is 'Name of the domain; null is the sum over all domains. [none]';
comment on column chat_cost_alerts.alert_type is 'hourly, daily, monthly or per_request. [none]';
comment on column chat_cost_alerts.threshold_usd is 'Cost in US dollars above which the alert fires. [none]';
comment on column chat_cost_alerts.created_at is 'When the row was written. [none]';
comment on column chat_cost_alerts.updated_at is 'When the row last changed. [none]';
