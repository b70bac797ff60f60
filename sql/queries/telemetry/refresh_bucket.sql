-- $1 granularity, $2 start, $3 end of one bucket: makes its rows in the three rollup tables what chat_telemetry says now,
-- and returns how many rows that changed. Rows that are right already are not touched.
with requests as (
    select coalesce(t.domain, '') as domain, t.model, t.success, t.input_tokens, t.output_tokens, t.cost_usd,
        t.duration_ms, t.search_count, t.iterations
    from chat_telemetry as t
    where t.created_at >= $2 and t.created_at < $3
),
-- The level is 0 per domain and model, 1 per domain and 3 for all together.
fresh as (
    select grouping(r.domain, r.model) as level,
        coalesce(r.domain, '') as domain,
        coalesce(r.model, '') as model,
        count(*)::integer as total_requests,
        (count(*) filter (where r.success))::integer as success_count,
        (count(*) filter (where r.success is not true))::integer as failure_count,
        coalesce(sum(r.input_tokens), 0) as total_input_tokens,
        coalesce(sum(r.output_tokens), 0) as total_output_tokens,
        coalesce(sum(r.cost_usd), 0) as total_cost_usd,
        round(avg(r.duration_ms))::integer as avg_duration_ms,
        avg(r.search_count) as avg_searches,
        avg(r.iterations) as avg_iterations
    from requests as r
    group by grouping sets ((r.domain, r.model), (r.domain), ())
    having count(*) > 0
),
kept as (
    select 3 as level, '' as domain, '' as model, k.total_requests, k.success_count, k.failure_count,
        k.total_input_tokens, k.total_output_tokens, k.total_cost_usd, k.avg_duration_ms, k.avg_searches,
        k.avg_iterations
    from chat_telemetry_rollups as k
    where k.granularity = $1 and k.bucket_start = $2
    union all
    select 1, k.domain, '', k.total_requests, k.success_count, k.failure_count,
        k.total_input_tokens, k.total_output_tokens, k.total_cost_usd, k.avg_duration_ms, k.avg_searches,
        k.avg_iterations
    from chat_telemetry_domain_rollups as k
    where k.granularity = $1 and k.bucket_start = $2
    union all
    select 0, k.domain, k.model, k.total_requests, k.success_count, k.failure_count,
        k.total_input_tokens, k.total_output_tokens, k.total_cost_usd, k.avg_duration_ms, k.avg_searches,
        k.avg_iterations
    from chat_telemetry_model_rollups as k
    where k.granularity = $1 and k.bucket_start = $2
),
changed as (
    table fresh except table kept
),
gone as (
    select k.level, k.domain, k.model from kept as k
    except
    select f.level, f.domain, f.model from fresh as f
),
written_totals as (
    insert into chat_telemetry_rollups (
        granularity, bucket_start, bucket_end, total_requests, success_count, failure_count, total_input_tokens,
        total_output_tokens, total_cost_usd, avg_duration_ms, avg_searches, avg_iterations
    )
    select $1, $2, $3, c.total_requests, c.success_count, c.failure_count, c.total_input_tokens,
        c.total_output_tokens, c.total_cost_usd, c.avg_duration_ms, c.avg_searches, c.avg_iterations
    from changed as c
    where c.level = 3
    on conflict (granularity, bucket_start) do update
    set (
        total_requests, success_count, failure_count, total_input_tokens, total_output_tokens, total_cost_usd,
        avg_duration_ms, avg_searches, avg_iterations, updated_at
    ) = (
        excluded.total_requests, excluded.success_count, excluded.failure_count, excluded.total_input_tokens,
        excluded.total_output_tokens, excluded.total_cost_usd, excluded.avg_duration_ms, excluded.avg_searches,
        excluded.avg_iterations, now()
    )
),
written_by_domain as (
    insert into chat_telemetry_domain_rollups (
        granularity, bucket_start, bucket_end, domain, total_requests, success_count, failure_count,
        total_input_tokens, total_output_tokens, total_cost_usd, avg_duration_ms, avg_searches, avg_iterations
    )
    select $1, $2, $3, c.domain, c.total_requests, c.success_count, c.failure_count,
        c.total_input_tokens, c.total_output_tokens, c.total_cost_usd, c.avg_duration_ms, c.avg_searches,
        c.avg_iterations
    from changed as c
    where c.level = 1
    on conflict (granularity, bucket_start, domain) do update
    set (
        total_requests, success_count, failure_count, total_input_tokens, total_output_tokens, total_cost_usd,
        avg_duration_ms, avg_searches, avg_iterations, updated_at
    ) = (
        excluded.total_requests, excluded.success_count, excluded.failure_count, excluded.total_input_tokens,
        excluded.total_output_tokens, excluded.total_cost_usd, excluded.avg_duration_ms, excluded.avg_searches,
        excluded.avg_iterations, now()
    )
),
written_by_model as (
    insert into chat_telemetry_model_rollups (
        granularity, bucket_start, bucket_end, domain, model, total_requests, success_count, failure_count,
        total_input_tokens, total_output_tokens, total_cost_usd, avg_duration_ms, avg_searches, avg_iterations
    )
    select $1, $2, $3, c.domain, c.model, c.total_requests, c.success_count, c.failure_count,
        c.total_input_tokens, c.total_output_tokens, c.total_cost_usd, c.avg_duration_ms, c.avg_searches,
        c.avg_iterations
    from changed as c
    where c.level = 0
    on conflict (granularity, bucket_start, domain, model) do update
    set (
        total_requests, success_count, failure_count, total_input_tokens, total_output_tokens, total_cost_usd,
        avg_duration_ms, avg_searches, avg_iterations, updated_at
    ) = (
        excluded.total_requests, excluded.success_count, excluded.failure_count, excluded.total_input_tokens,
        excluded.total_output_tokens, excluded.total_cost_usd, excluded.avg_duration_ms, excluded.avg_searches,
        excluded.avg_iterations, now()
    )
),
removed_totals as (
    delete from chat_telemetry_rollups as r
    using gone as g
    where r.granularity = $1 and r.bucket_start = $2 and g.level = 3
),
removed_by_domain as (
    delete from chat_telemetry_domain_rollups as r
    using gone as g
    where r.granularity = $1 and r.bucket_start = $2 and g.level = 1 and r.domain = g.domain
),
removed_by_model as (
    delete from chat_telemetry_model_rollups as r
    using gone as g
    where r.granularity = $1 and r.bucket_start = $2 and g.level = 0 and r.domain = g.domain and r.model = g.model
)
select (select count(*) from changed) + (select count(*) from gone)
