-- Every row of the three rollup tables that differs from what chat_telemetry says (marked -), and every row that it says
-- instead (marked +): sums and counts written out, one granularity after the other, apart from how a refresh works.
with units (granularity, length) as (
    values ('hour', interval '1 hour'), ('day', '1 day'), ('week', '7 days'), ('month', '1 month')
),
requests as (
    select u.granularity,
        date_trunc(u.granularity, t.created_at at time zone 'UTC') at time zone 'UTC' as bucket_start,
        (date_trunc(u.granularity, t.created_at at time zone 'UTC') + u.length) at time zone 'UTC' as bucket_end,
        case when t.domain is null then '' else t.domain end as domain,
        t.model, t.success, t.input_tokens, t.output_tokens, t.cost_usd, t.duration_ms, t.search_count, t.iterations
    from chat_telemetry as t
    cross join units as u
),
counted as (
    select r.*, v.of, v.name, v.kind
    from requests as r
    cross join lateral (
        values ('everything', '', ''), ('domain', r.domain, ''), ('model', r.domain, r.model)
    ) as v (of, name, kind)
),
said as (
    select c.of, c.granularity, c.bucket_start, c.bucket_end, c.name, c.kind,
        count(*) as requests,
        sum(case when c.success then 1 else 0 end) as successes,
        sum(case when c.success then 0 else 1 end) as failures,
        sum(coalesce(c.input_tokens, 0)) as input_tokens,
        sum(coalesce(c.output_tokens, 0)) as output_tokens,
        sum(coalesce(c.cost_usd, 0)) as cost,
        round(sum(c.duration_ms)::numeric / nullif(count(c.duration_ms), 0)) as duration,
        round(sum(c.search_count)::numeric / nullif(count(c.search_count), 0), 9) as searches,
        round(sum(c.iterations)::numeric / nullif(count(c.iterations), 0), 9) as iterations
    from counted as c
    group by 1, 2, 3, 4, 5, 6
),
rolled_up as (
    select 'everything', granularity, bucket_start, bucket_end, '', '', total_requests, success_count, failure_count,
        total_input_tokens, total_output_tokens, total_cost_usd, avg_duration_ms, round(avg_searches, 9),
        round(avg_iterations, 9)
    from chat_telemetry_rollups
    union all
    select 'domain', granularity, bucket_start, bucket_end, domain, '', total_requests, success_count, failure_count,
        total_input_tokens, total_output_tokens, total_cost_usd, avg_duration_ms, round(avg_searches, 9),
        round(avg_iterations, 9)
    from chat_telemetry_domain_rollups
    union all
    select 'model', granularity, bucket_start, bucket_end, domain, model, total_requests, success_count, failure_count,
        total_input_tokens, total_output_tokens, total_cost_usd, avg_duration_ms, round(avg_searches, 9),
        round(avg_iterations, 9)
    from chat_telemetry_model_rollups
)
select '- ' || d::text from (table rolled_up except all table said) as d
union all
select '+ ' || d::text from (table said except all table rolled_up) as d
