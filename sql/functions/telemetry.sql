-- What \df+ says about the functions of telemetry.

comment on function frontdesk.refresh_rollups is
    'Brings the three rollup tables up to date with chat_telemetry and returns, per granularity, how many of their rows changed. For operators; waits for a refresh that is running; at most 2,016 changed hours a call.';

comment on function frontdesk.check_cost_alerts is
    'The cost alerts over their threshold now, in US dollars: sums of the current hour, day or month in UTC, or the most expensive request of the last 24 hours. Callers see the alerts of their own domains; those about all domains together only operators see.';
