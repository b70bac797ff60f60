-- A month of requests on both domains, invented: more by day than by night, two models, a few failures.

\ir people.sql

begin;
set local role service_role;
select setseed(0.42) \gset
insert into chat_telemetry (
    session_id, domain, model, start_time, end_time, iterations, search_count, input_tokens, output_tokens, cost_usd, success,
    created_at
)
select
    'visit-' || r.number,
    r.domain,
    r.model,
    r.at,
    r.at + make_interval(secs => 0.6 + 3 * random()),
    1 + r.number % 3,
    1 + r.number % 2,
    r.tokens,
    r.tokens / 8,
    round((r.tokens * case r.model when 'large-model' then 0.000004 else 0.0000005 end)::numeric, 6),
    random() > 0.03,
    r.at
from (
    select
        s.number,
        case when random() < 0.6 then 'docs.postgresql.example' else 'handbook.debian.example' end as domain,
        case when random() < 0.3 then 'large-model' else 'small-model' end as model,
        now() - make_interval(days => s.number % 30, secs => 43200 * (random() + random())) as at,
        500 + (2500 * random())::integer as tokens
    from generate_series(1, 6000) as s (number)
) as r;

-- Folds requests into hours, days, weeks and months, in total, by domain and by model; says how many rows of these three
-- tables changed. Any scheduler can call it as often as it likes: it reads only what is new.
select * from frontdesk.refresh_rollups();
commit;

-- What Bob's organization spends, from the rollups: an index lookup, however many requests there were.
begin;
select frontdesk.act_as(user_id => :'bob') \gset
\echo 'The last seven days'
select
    to_char(bucket_start at time zone 'UTC', 'Dy YYYY-MM-DD') as day,
    total_requests as requests,
    failure_count as failed,
    total_input_tokens as tokens_in,
    total_output_tokens as tokens_out,
    round(total_cost_usd, 2) as usd,
    avg_duration_ms as avg_ms
from chat_telemetry_domain_rollups
where granularity = 'day' and domain = 'docs.postgresql.example' and bucket_start > now() - interval '7 days'
order by bucket_start;

\echo 'By month and model'
select
    domain,
    to_char(bucket_start at time zone 'UTC', 'YYYY-MM') as month,
    model,
    total_requests as requests,
    round(100.0 * success_count / total_requests, 1) as success_percent,
    round(total_cost_usd, 2) as usd
from chat_telemetry_model_rollups
where granularity = 'month'
order by domain, bucket_start, model;
commit;
