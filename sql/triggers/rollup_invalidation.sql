-- Every change of chat_telemetry is noted for the next refresh of the rollups: the hour, domain and model that a row has
-- left, and those that it has come to. The note is written in the writer's own transaction, so it is there exactly when
-- the change is.
--
-- A row counts at its created_at. Rows without one, at infinity or outside the years 1 to 9999 belong to no bucket.

-- Security definer: lets whoever may write telemetry note which buckets that touches.
create or replace function frontdesk.invalidate_rollups()
returns trigger
language plpgsql
security definer
as $$
begin
    insert into frontdesk_internal.rollup_invalidations (hour, domain, model)
    select distinct date_trunc('hour', r.created_at, 'UTC'), coalesce(r.domain, ''), r.model
    from changed as r
    where r.created_at >= '0001-01-01 00:00+00' and r.created_at < '10000-01-01 00:00+00';
    return null;
end
$$;

comment on function frontdesk.invalidate_rollups() is
    'Trigger: notes the hours, domains and models of inserted or deleted telemetry (transition table "changed") for the next refresh of the rollups.';

-- Rows whose numbers stay are left out, so erasure that only blanks out a person and late log lines cost nothing.
-- EXCEPT ALL takes equal rows away one by one: what remains on either side is the difference of the two multisets.
-- Security definer: as invalidate_rollups().
create or replace function frontdesk.invalidate_updated_rollups()
returns trigger
language plpgsql
security definer
as $$
begin
    insert into frontdesk_internal.rollup_invalidations (hour, domain, model)
    with old_numbers as (
        select o.created_at, coalesce(o.domain, '') as domain, o.model, o.success, o.input_tokens, o.output_tokens,
            o.cost_usd, o.duration_ms, o.search_count, o.iterations
        from replaced as o
    ),
    new_numbers as (
        select n.created_at, coalesce(n.domain, ''), n.model, n.success, n.input_tokens, n.output_tokens,
            n.cost_usd, n.duration_ms, n.search_count, n.iterations
        from changed as n
    ),
    differing as (
        (select * from old_numbers except all select * from new_numbers)
        union all
        (select * from new_numbers except all select * from old_numbers)
    )
    select distinct date_trunc('hour', d.created_at, 'UTC'), d.domain, d.model
    from differing as d
    where d.created_at >= '0001-01-01 00:00+00' and d.created_at < '10000-01-01 00:00+00';
    return null;
end
$$;

comment on function frontdesk.invalidate_updated_rollups() is
    'Trigger: notes for the next refresh of the rollups where updated telemetry was (transition table "replaced") and where it is now ("changed").';

-- Security definer: as invalidate_rollups().
create or replace function frontdesk.invalidate_all_rollups()
returns trigger
language plpgsql
security definer
as $$
begin
    insert into frontdesk_internal.rollup_invalidations (hour, domain, model) values (null, null, null);
    return null;
end
$$;

comment on function frontdesk.invalidate_all_rollups() is
    'Trigger: notes that telemetry was truncated, so that the next refresh of the rollups looks at every bucket.';

create trigger invalidate_rollups_on_insert after insert on chat_telemetry
    referencing new table as changed
    for each statement execute function frontdesk.invalidate_rollups();
create trigger invalidate_rollups_on_update after update on chat_telemetry
    referencing old table as replaced new table as changed
    for each statement execute function frontdesk.invalidate_updated_rollups();
create trigger invalidate_rollups_on_delete after delete on chat_telemetry
    referencing old table as changed
    for each statement execute function frontdesk.invalidate_rollups();
create trigger invalidate_rollups_on_truncate after truncate on chat_telemetry
    for each statement execute function frontdesk.invalidate_all_rollups();
