-- The rows that are filed under a domain's name (not under its id): how they follow a rename and how they go.
--
-- chat_telemetry, its domain and model rollups, chat_cost_alerts, training_data and scrape_jobs. Not demo_attempts
-- (prospects, no tenant) and not gdpr_audit_log (append-only). The new name may already have rows of its own when
-- the other table held it before; then the two are merged.
--
-- What still waits for the rollups names the domain too: it is filed under the new name, or under none, where looking at
-- its hours once more finds them as they are.

create or replace function frontdesk.pooled_average(average numeric, weight bigint, other_average numeric, other_weight bigint)
returns numeric
language sql
immutable
as $$
    select case
        when average is null then other_average
        when other_average is null then average
        else (average * weight + other_average * other_weight) / nullif(weight + other_weight, 0)
    end
$$;

comment on function frontdesk.pooled_average(numeric, bigint, numeric, bigint) is
    'The average of two groups, each given as its average and its size.';

-- Security definer: writes tables that nobody else may write; no role may call it, the trigger on the names does.
create or replace function frontdesk.move_domain_rows(old_name text, new_name text)
returns table (table_name text, rows_affected bigint)
language plpgsql
security definer
as $$
declare
    merged bigint;
begin
    -- A refresh of the rollups at the same moment would write rows under the old name after they have moved.
    perform pg_advisory_xact_lock(hashtextextended('frontdesk.refresh_rollups', 0));
    return query
        with moved as (update chat_telemetry set domain = new_name where domain = old_name returning 1)
        select 'chat_telemetry', count(*) from moved;
    return query
        with moved as (update training_data set domain = new_name where domain = old_name returning 1)
        select 'training_data', count(*) from moved;

    -- Of two alerts of one type the earlier warning stays.
    update chat_cost_alerts as kept
    set threshold_usd = least(kept.threshold_usd, moved.threshold_usd)
    from chat_cost_alerts as moved
    where kept.domain = new_name and moved.domain = old_name and kept.alert_type is not distinct from moved.alert_type;
    delete from chat_cost_alerts as moved
    using chat_cost_alerts as kept
    where kept.domain = new_name and moved.domain = old_name and kept.alert_type is not distinct from moved.alert_type;
    get diagnostics merged = row_count;
    return query
        with moved as (update chat_cost_alerts set domain = new_name where domain = old_name returning 1)
        select 'chat_cost_alerts', merged + count(*) from moved;

    -- Of two active jobs of one type the one under the new name goes on.
    update scrape_jobs as moved
    set status = 'cancelled'
    where moved.domain = old_name and moved.status in ('pending', 'running')
        and exists (
            select from scrape_jobs as kept
            where kept.domain = new_name and kept.job_type = moved.job_type and kept.status in ('pending', 'running')
        );
    return query
        with moved as (update scrape_jobs set domain = new_name where domain = old_name returning 1)
        select 'scrape_jobs', count(*) from moved;

    update chat_telemetry_domain_rollups as kept
    set total_requests = kept.total_requests + moved.total_requests,
        success_count = kept.success_count + moved.success_count,
        failure_count = kept.failure_count + moved.failure_count,
        total_input_tokens = kept.total_input_tokens + moved.total_input_tokens,
        total_output_tokens = kept.total_output_tokens + moved.total_output_tokens,
        total_cost_usd = kept.total_cost_usd + moved.total_cost_usd,
        avg_duration_ms = round(frontdesk.pooled_average(
            kept.avg_duration_ms, kept.total_requests, moved.avg_duration_ms, moved.total_requests)),
        avg_searches = frontdesk.pooled_average(
            kept.avg_searches, kept.total_requests, moved.avg_searches, moved.total_requests),
        avg_iterations = frontdesk.pooled_average(
            kept.avg_iterations, kept.total_requests, moved.avg_iterations, moved.total_requests)
    from chat_telemetry_domain_rollups as moved
    where kept.domain = new_name and moved.domain = old_name
        and kept.granularity = moved.granularity and kept.bucket_start = moved.bucket_start;
    delete from chat_telemetry_domain_rollups as moved
    using chat_telemetry_domain_rollups as kept
    where kept.domain = new_name and moved.domain = old_name
        and kept.granularity = moved.granularity and kept.bucket_start = moved.bucket_start;
    get diagnostics merged = row_count;
    return query
        with moved as (update chat_telemetry_domain_rollups set domain = new_name where domain = old_name returning 1)
        select 'chat_telemetry_domain_rollups', merged + count(*) from moved;

    update chat_telemetry_model_rollups as kept
    set total_requests = kept.total_requests + moved.total_requests,
        success_count = kept.success_count + moved.success_count,
        failure_count = kept.failure_count + moved.failure_count,
        total_input_tokens = kept.total_input_tokens + moved.total_input_tokens,
        total_output_tokens = kept.total_output_tokens + moved.total_output_tokens,
        total_cost_usd = kept.total_cost_usd + moved.total_cost_usd,
        avg_duration_ms = round(frontdesk.pooled_average(
            kept.avg_duration_ms, kept.total_requests, moved.avg_duration_ms, moved.total_requests)),
        avg_searches = frontdesk.pooled_average(
            kept.avg_searches, kept.total_requests, moved.avg_searches, moved.total_requests),
        avg_iterations = frontdesk.pooled_average(
            kept.avg_iterations, kept.total_requests, moved.avg_iterations, moved.total_requests)
    from chat_telemetry_model_rollups as moved
    where kept.domain = new_name and moved.domain = old_name and kept.model = moved.model
        and kept.granularity = moved.granularity and kept.bucket_start = moved.bucket_start;
    delete from chat_telemetry_model_rollups as moved
    using chat_telemetry_model_rollups as kept
    where kept.domain = new_name and moved.domain = old_name and kept.model = moved.model
        and kept.granularity = moved.granularity and kept.bucket_start = moved.bucket_start;
    get diagnostics merged = row_count;
    return query
        with moved as (update chat_telemetry_model_rollups set domain = new_name where domain = old_name returning 1)
        select 'chat_telemetry_model_rollups', merged + count(*) from moved;

    update frontdesk_internal.rollup_invalidations set domain = new_name where domain = old_name;
end
$$;

comment on function frontdesk.move_domain_rows(text, text) is
    'Files everything that carries one domain name under another, merging what is already there; returns how many rows of each table.';

-- Security definer: deletes from tables that nobody else may write; no role may call it, the triggers on the names do.
create or replace function frontdesk.clear_domain_rows(name text)
returns void
language plpgsql
security definer
as $$
begin
    -- As in move_domain_rows.
    perform pg_advisory_xact_lock(hashtextextended('frontdesk.refresh_rollups', 0));
    delete from chat_telemetry where domain = clear_domain_rows.name;
    delete from chat_telemetry_domain_rollups where domain = clear_domain_rows.name;
    delete from chat_telemetry_model_rollups where domain = clear_domain_rows.name;
    delete from chat_cost_alerts where domain = clear_domain_rows.name;
    delete from training_data where domain = clear_domain_rows.name;
    delete from scrape_jobs where domain = clear_domain_rows.name;
    update frontdesk_internal.rollup_invalidations set domain = '' where domain = clear_domain_rows.name;
end
$$;

comment on function frontdesk.clear_domain_rows(text) is
    'Deletes everything that is filed under a domain name, so that a later holder of the name does not inherit it.';
