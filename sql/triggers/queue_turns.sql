-- The line of each queue. A job that may be claimed has a turn, and claims go by turns, so that no domain waits for the
-- backlog of another: the job gets the turn after the last one of its domain in line, or, when the domain has none, the
-- one after the job claimed last. That is start-time fair queueing (Goyal, Vin and Cheng, 1996) with jobs of one size:
-- a domain with 100,000 jobs has one on each turn from now on, and three of another domain stand beside the first three.
-- Jobs written in transactions that do not see each other may share a turn; that is harmless.

-- Security definer: reads how far a queue has come, and its jobs, for whoever writes one.
create or replace function frontdesk.take_turn()
returns trigger
language plpgsql
security definer
-- A plan made while the queue was short must not read all of it when it is long: one look at the end of the domain's line,
-- and no max(), which may be planned as a walk over all of it.
set enable_seqscan = off
as $$
declare
    last bigint;
    is_first boolean;
begin
    if new.turn is not null then
        -- It may not be claimed any more.
        new.turn := null;
        return new;
    end if;

    if tg_table_name = 'embedding_queue' then
        select greatest(h.last_value, (
            select q.turn from embedding_queue as q where q.domain_id = new.domain_id and q.turn >= h.last_value
            order by q.turn desc limit 1
        )) into last
        from frontdesk_internal.embedding_queue_head as h;
    elsif tg_table_name = 'entity_extraction_queue' then
        select greatest(h.last_value, (
            select q.turn from entity_extraction_queue as q where q.domain_id = new.domain_id and q.turn >= h.last_value
            order by q.turn desc limit 1
        )) into last
        from frontdesk_internal.entity_extraction_queue_head as h;
    elsif tg_table_name = 'scrape_jobs' then
        select greatest(h.last_value, (
            select q.turn from scrape_jobs as q where q.domain = new.domain and q.turn >= h.last_value
            order by q.turn desc limit 1
        )) into last
        from frontdesk_internal.scrape_jobs_head as h;
    else
        select greatest(h.last_value, (
            select q.turn from demo_attempts as q where q.domain = new.domain and q.turn >= h.last_value
            order by q.turn desc limit 1
        )) into last
        from frontdesk_internal.demo_attempts_head as h;
    end if;
    new.turn := last + 1;

    if current_setting('frontdesk.notify_workers', true) = 'on' then
        execute format('select not exists (select from %s as q where q.turn is not null)', tg_relid::regclass) into is_first;
        if is_first then
            perform pg_notify('frontdesk_' || tg_table_name, '');
        end if;
    end if;
    return new;
end
$$;

comment on function frontdesk.take_turn() is
    'Trigger: a job that may be claimed gets its place in line, one that may not loses it. With frontdesk.notify_workers on, the first job of an empty line is announced on the channel frontdesk_ and the name of the table.';

create trigger take_turn before insert or update on embedding_queue
    for each row when (
        (new.status = 'pending' and new.lease_token is null and new.not_before is null) is true <> (new.turn is not null)
    )
    execute function frontdesk.take_turn();
create trigger take_turn before insert or update on entity_extraction_queue
    for each row when (
        (new.status = 'pending' and new.lease_token is null and new.not_before is null) is true <> (new.turn is not null)
    )
    execute function frontdesk.take_turn();
create trigger take_turn before insert or update on scrape_jobs
    for each row when (
        (new.status = 'pending' and new.lease_token is null and new.not_before is null) is true <> (new.turn is not null)
    )
    execute function frontdesk.take_turn();
create trigger take_turn before insert or update on demo_attempts
    for each row when (
        (new.enrichment_status = 'pending' and new.lease_token is null and new.not_before is null) is true
        <> (new.turn is not null)
    )
    execute function frontdesk.take_turn();
