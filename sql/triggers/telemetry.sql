-- Sums that a client need not send: total_tokens and duration_ms, where they are absent. A sum that was worked out here is
-- worked out again when a later update brings the rest of its parts; one that was sent stays as sent.

create or replace function frontdesk.complete_telemetry()
returns trigger
language plpgsql
as $$
begin
    if tg_op = 'UPDATE' then
        if new.total_tokens = old.total_tokens
            and old.total_tokens = coalesce(old.input_tokens, 0)::bigint + coalesce(old.output_tokens, 0)
        then
            new.total_tokens := null;
        end if;
        if new.duration_ms = old.duration_ms and isfinite(old.start_time) and isfinite(old.end_time)
            and old.duration_ms = round((extract(epoch from old.end_time) - extract(epoch from old.start_time)) * 1000)
        then
            new.duration_ms := null;
        end if;
    end if;

    -- Neither goes beyond what an integer holds, and no clock that ran backwards makes a duration negative.
    if new.total_tokens is null and coalesce(new.input_tokens, new.output_tokens) is not null then
        new.total_tokens := least(coalesce(new.input_tokens, 0)::bigint + coalesce(new.output_tokens, 0), 2147483647);
    end if;
    if new.duration_ms is null and isfinite(new.start_time) and isfinite(new.end_time) then
        new.duration_ms := least(
            greatest(round((extract(epoch from new.end_time) - extract(epoch from new.start_time)) * 1000), 0), 2147483647);
    end if;
    return new;
end
$$;

comment on function frontdesk.complete_telemetry() is
    'Trigger: total_tokens is input and output tokens, duration_ms the time from start to end, each where it was not sent. tokens_used stays as sent.';

create trigger complete_telemetry_on_insert before insert on chat_telemetry
    for each row when (new.total_tokens is null or (new.duration_ms is null and new.end_time is not null))
    execute function frontdesk.complete_telemetry();
create trigger complete_telemetry_on_update
    before update of input_tokens, output_tokens, total_tokens, start_time, end_time, duration_ms on chat_telemetry
    for each row execute function frontdesk.complete_telemetry();
