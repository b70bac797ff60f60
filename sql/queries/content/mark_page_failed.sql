-- $1 domain, $2 url, $3 error: the id of the page, and whether it is new. A page that is marked deleted stays so.
insert into scraped_pages as p (domain_id, url, status, last_scraped_at, metadata)
values (
    $1, $2, 'failed', now(),
    jsonb_strip_nulls(jsonb_build_object('error', $3::text, 'failed_at', now(), 'failures', 1))
)
on conflict (url) do update
set status = case when p.status = 'deleted' then p.status else excluded.status end,
    last_scraped_at = excluded.last_scraped_at,
    metadata = coalesce(p.metadata, '{}') - 'error' || excluded.metadata
        || jsonb_build_object('failures', case
            when jsonb_typeof(p.metadata -> 'failures') = 'number' then (p.metadata ->> 'failures')::numeric + 1
            else 1
        end)
where p.domain_id = $1
returning p.id, p.xmax = 0
