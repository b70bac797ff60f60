-- The queues.

-- Definer: counts past row level security, which would ask for each job; shows the domains that the caller may read, and
-- operators everything, requests for a demonstration included.
create or replace function frontdesk.queue_status()
returns table (
    queue text, domain text, pending bigint, processing bigint, completed bigint, failed bigint, oldest_pending interval,
    pausing bigint
)
language plpgsql stable security definer as $$
#variable_conflict use_column
declare
    sees_all constant boolean := frontdesk.caller_is_operator();
    domains_seen constant uuid[] := array(select frontdesk.accessible_domain_ids('viewer'));
begin
    return query
    select j.queue, j.domain,
        count(*) filter (where j.status = 'pending'),
        count(*) filter (where j.status = 'processing'),
        count(*) filter (where j.status = 'completed'),
        count(*) filter (where j.status = 'failed'),
        now() - min(j.created_at) filter (where j.status = 'pending'),
        count(*) filter (where j.status = 'pending' and j.not_before > now())
    from (
        select 'embedding' as queue, d.domain, q.status, q.created_at, q.not_before
        from embedding_queue as q
        left join domains as d on d.id = q.domain_id
        where sees_all or q.domain_id = any (domains_seen)
        union all
        select 'entity_extraction', d.domain, q.status, q.created_at, q.not_before
        from entity_extraction_queue as q
        left join domains as d on d.id = q.domain_id
        where sees_all or q.domain_id = any (domains_seen)
        union all
        select 'scrape', q.domain,
            -- A crawl that was cancelled is over like one that ended.
            case q.status when 'running' then 'processing' when 'cancelled' then 'completed' else q.status end,
            q.created_at, q.not_before
        from scrape_jobs as q
        where sees_all or q.domain_id = any (domains_seen)
        union all
        select 'enrichment', q.domain,
            case
                when q.lease_token is not null then 'processing'
                when q.enrichment_status = 'enriched' then 'completed'
                else q.enrichment_status
            end,
            q.created_at, q.not_before
        from demo_attempts as q
        where sees_all
    ) as j
    group by j.queue, j.domain
    order by j.queue, j.domain;
end
$$;

comment on function frontdesk.queue_status is
    'Jobs of each queue and domain by state, how long the oldest pending one has waited, and how many of the pending ones '
    'pause after a failure. Shows the caller''s domains; operators see all, and the requests for a demonstration.';
comment on function frontdesk.claim_embedding_jobs is
    'Claims chunks that have no vector yet, fairly between domains, and leases them for the given time.';
comment on function frontdesk.complete_embedding_jobs is
    'Stores the vectors of a claim; tells for each chunk whether it was stored, stale or invalid.';
comment on function frontdesk.fail_embedding_jobs is
    'Gives a claim, or some chunks of it, up as retryable, rate_limited or fatal; returns the number of pages concerned.';
comment on function frontdesk.claim_extraction_jobs is
    'Claims pages whose entities are to be extracted, with the classification of their domain, and leases them for the '
    'given time.';
comment on function frontdesk.complete_extraction_jobs is
    'Stores the entities found on the pages of a claim, in place of those found before; tells for each page whether it '
    'was stored, stale or invalid.';
comment on function frontdesk.fail_extraction_jobs is
    'Gives a claim, or some pages of it, up as retryable, rate_limited or fatal; returns the number of pages.';
comment on function frontdesk.claim_scrape_jobs is
    'Claims crawls, fairly between domains, and leases them for the given time.';
comment on function frontdesk.complete_scrape_jobs is
    'Completes the crawls of a claim: merges their results into their metadata and marks deleted what a complete crawl '
    'has not seen; tells for each whether it was stored, stale or invalid.';
comment on function frontdesk.fail_scrape_jobs is
    'Gives a claim, or some crawls of it, up as retryable, rate_limited or fatal; returns the number of crawls.';
comment on function frontdesk.claim_enrichment_jobs is
    'Claims requests for a demonstration that nobody has looked into, and leases them for the given time.';
comment on function frontdesk.complete_enrichment_jobs is
    'Merges what was found out into the enrichment_data of the requests of a claim; tells for each whether it was stored, '
    'stale or invalid.';
comment on function frontdesk.fail_enrichment_jobs is
    'Gives a claim, or some requests of it, up as retryable, rate_limited or fatal; returns the number of requests.';
comment on function frontdesk.requeue is
    'Puts the dead letters of a queue, of one domain or of all, or the jobs with these ids, in line again as if they had '
    'never been tried; returns how many.';
comment on function frontdesk.set_embedding_model is
    'Sets the model whose vectors the database holds and the length of its vectors. Vectors of another model answer until '
    'those of the new one cover a domain; refuses to drop any unless told to discard them.';
comment on function frontdesk.finish_embedding_model is
    'Ends a change of model: drops the vectors of the former one. Refuses while a chunk has no other, unless told to '
    'discard it.';

-- Definer: tells search, for whoever searches, which model a configuration has come to.
create or replace function frontdesk.uses_next_model(config_id uuid)
returns boolean
language sql stable security definer as $$
    select exists (select from frontdesk_internal.switched_configs as s where s.config_id = uses_next_model.config_id)
$$;

comment on function frontdesk.uses_next_model is
    'Whether a configuration is searched by the vectors of the next model, while one takes the place of another.';

-- Definer: as above; the domain must be the caller's.
create or replace function frontdesk.embedding_model(domain text)
returns table (name text, dimensions integer)
language plpgsql stable security definer as $$
declare
    config uuid;
begin
    perform frontdesk.require_value('domain', domain);
    select r.config_id into config from frontdesk.resolve_domain(embedding_model.domain) as r;
    if not found then
        raise exception using
            errcode = 'P0002',
            message = 'the domain does not exist or is not yours',
            hint = 'Register it with frontdesk.register_domain(organization_id, domain), or ask for a role in its organization.';
    end if;
    return query
        select case when s.is_switched then m.next_name else m.name end,
            case when s.is_switched then m.next_dimensions else m.dimensions end
        from frontdesk_internal.embedding_model as m,
            frontdesk.uses_next_model(config) as s (is_switched);
end
$$;

comment on function frontdesk.embedding_model is
    'The model to embed questions about a domain with, and the length of its vectors: the one whose vectors answer there '
    'now. Raises P0002 for a domain that does not exist or is not the caller''s.';

-- Definer: counts the chunks of all; its callers are operators.
create or replace function frontdesk.embedding_model_progress()
returns table (domain text, model text, chunks bigint, with_next bigint, remaining bigint, dead_letters bigint, switched_at timestamptz)
language sql stable security definer as $$
    select c.domain, case when s.config_id is not null then m.next_name else m.name end, count(*),
        count(*) filter (where e.embedding_model = m.next_name),
        count(*) filter (where e.embedding is not null and e.embedding_model is distinct from m.next_name),
        count(*) filter (where f.is_dead), s.switched_at
    from frontdesk_internal.embedding_model as m
    cross join page_embeddings as e
    join customer_configs as c on c.id = e.domain_id
    left join frontdesk_internal.switched_configs as s on s.config_id = c.id
    left join frontdesk_internal.chunk_failures as f on f.chunk_id = e.id
    where m.next_name is not null
    group by c.domain, m.name, m.next_name, s.config_id, s.switched_at
    order by c.domain
$$;

comment on function frontdesk.embedding_model_progress is
    'While one embedding model takes the place of another: for each domain the model that answers, its chunks, those that '
    'have a vector of the next model, those that have only a former one, dead letters, and when it was switched. No row '
    'otherwise.';

-- Statements are planned once per session, perhaps while a queue is short: they must not read all of it when it is long.
alter function frontdesk.claim_embedding_jobs set enable_seqscan = off;
alter function frontdesk.complete_embedding_jobs set enable_seqscan = off;
alter function frontdesk.fail_embedding_jobs set enable_seqscan = off;
alter function frontdesk.claim_extraction_jobs set enable_seqscan = off;
alter function frontdesk.complete_extraction_jobs set enable_seqscan = off;
alter function frontdesk.fail_extraction_jobs set enable_seqscan = off;
alter function frontdesk.claim_scrape_jobs set enable_seqscan = off;
alter function frontdesk.complete_scrape_jobs set enable_seqscan = off;
alter function frontdesk.fail_scrape_jobs set enable_seqscan = off;
alter function frontdesk.claim_enrichment_jobs set enable_seqscan = off;
alter function frontdesk.complete_enrichment_jobs set enable_seqscan = off;
alter function frontdesk.fail_enrichment_jobs set enable_seqscan = off;
