-- The times of a scrape job follow its status. A time given together with the status is kept.

create or replace function frontdesk.stamp_job()
returns trigger
language plpgsql
as $$
begin
    -- What an earlier run has left behind does not count as given.
    if tg_op = 'UPDATE' then
        if new.status = 'running' and new.started_at = old.started_at then
            new.started_at := null;
        end if;
        if new.completed_at = old.completed_at then
            new.completed_at := null;
        end if;
    end if;

    if new.status = 'pending' then
        new.started_at := null;
        new.completed_at := null;
    elsif new.status = 'running' then
        new.started_at := coalesce(new.started_at, now());
        new.completed_at := null;
    elsif new.status in ('completed', 'failed', 'cancelled') then
        new.completed_at := coalesce(new.completed_at, now());
    end if;
    return new;
end
$$;

comment on function frontdesk.stamp_job() is
    'Trigger: started_at is set when a job runs, completed_at when it is completed, failed or cancelled; both are cleared when it waits again.';

create trigger stamp_job_on_insert before insert on scrape_jobs
    for each row execute function frontdesk.stamp_job();
create trigger stamp_job_on_update before update of status on scrape_jobs
    for each row when (old.status is distinct from new.status)
    execute function frontdesk.stamp_job();
