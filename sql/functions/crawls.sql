-- Crawls: when one is due, and what its end does to the pages of its domain.

create or replace function frontdesk.crawl_interval(frequency text)
returns interval
language sql immutable parallel safe
return case frequency
    when 'hourly' then interval '1 hour'
    when 'daily' then interval '1 day'
    when 'weekly' then interval '7 days'
    when 'monthly' then interval '1 month'
end;

comment on function frontdesk.crawl_interval is
    'The time from one crawl of a domain to the next by its scrape_frequency. NULL for never.';

-- A page that did not change is not written when it is ingested again, so the crawler says what it has seen. What has been
-- stored since the crawl began has been seen by somebody.
-- Definer: deletes content; no role may call it, the completion of scrape jobs does, for a job that it has locked.
create or replace function frontdesk.finish_crawl(job_id uuid, seen_pages uuid[])
returns bigint
language plpgsql volatile security definer
as $$
declare
    job record;
    unseen uuid[];
begin
    select d.id as domain_id, coalesce(j.started_at, j.created_at) as started_at into job
    from scrape_jobs as j
    join domains as d on d.id = j.domain_id or (j.domain_id is null and d.domain = j.domain)
    where j.id = job_id;
    if not found then
        return 0;
    end if;

    if seen_pages is not null and not exists (
        select from scraped_pages as p where p.id = any (seen_pages) and p.domain_id = job.domain_id
    ) then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = 'a complete crawl has seen at least one page of its domain',
            hint = 'Pass the page_id of each ingest_page, or null when the crawl was not complete.';
    end if;

    update domains as d set last_scraped_at = now() where d.id = job.domain_id;
    if seen_pages is null then
        return 0;
    end if;

    unseen := array(
        select p.id
        from scraped_pages as p
        where p.domain_id = job.domain_id and p.status is distinct from 'deleted' and p.id <> all (array_remove(seen_pages, null))
            and greatest(p.created_at, p.last_scraped_at) < job.started_at
        order by p.id
        for update
    );
    perform frontdesk.mark_pages_deleted(unseen);
    return cardinality(unseen);
end
$$;

comment on function frontdesk.finish_crawl is
    'What the end of a crawl does to its domain: last_scraped_at is now, and when the crawl was complete, the pages that it '
    'has not seen (given are the ids of those that it has) are marked deleted. Returns their number. NULL for the seen pages '
    'is a crawl that was not complete and deletes nothing. Raises 22023 when none of the seen pages is the domain''s.';

-- Definer: as finish_crawl.
create or replace function frontdesk.mark_pages_deleted(pages uuid[])
returns void
language plpgsql volatile security definer
as $$
begin
    if cardinality(pages) = 0 then
        return;
    end if;
    delete from structured_extractions as x
    using scraped_pages as p
    where p.id = any (pages) and x.domain_id = p.domain_id and x.url = p.url;
    delete from entity_catalog as e where e.page_id = any (pages);
    delete from page_embeddings as e where e.page_id = any (pages);
    update scraped_pages as p set status = 'deleted' where p.id = any (pages);
end
$$;

comment on function frontdesk.mark_pages_deleted is
    'Marks pages as deleted and removes their chunks, findings and entities; a trigger takes them out of the queues. The '
    'rows stay, so that a page that comes back is the same page.';
