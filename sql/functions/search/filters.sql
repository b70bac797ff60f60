-- Which chunks a search is limited to. Containment in json is not leakproof, so under row level security its index would not
-- be used: as for entities and pages, what matches is found with the owner's rights, bound to a configuration that the
-- caller reaches, and only ids are returned.

-- Definer: as said above.
create or replace function frontdesk.scan_filtered(
    config_id uuid, wanted_metadata jsonb, wanted_content_type text, max_page_age interval, among uuid[], most_rows integer
)
returns setof uuid
language plpgsql stable security definer rows 1000
-- What is not asked for drops out of the plan.
set plan_cache_mode = force_custom_plan
as $$
begin
    if jsonb_typeof(wanted_metadata) <> 'object' then
        raise exception 'filter must be a JSON object, got %', jsonb_typeof(wanted_metadata)
            using errcode = 'invalid_parameter_value', hint = 'Give what the metadata must contain, such as {"category": "terms"}.';
    end if;
    if scan_filtered.config_id in (select frontdesk.accessible_config_ids()) or frontdesk.caller_is_operator() then
        return query
            select e.id
            from page_embeddings as e
            where e.domain_id = scan_filtered.config_id
                and (among is null or e.id = any (among))
                and (wanted_metadata is null or e.metadata @> wanted_metadata)
                and (
                    wanted_content_type is null
                    or left(e.metadata ->> 'content_type', 500) = left(wanted_content_type, 500)
                )
                and (
                    max_page_age is null
                    or exists (
                        select
                        from scraped_pages as p
                        where p.id = e.page_id and coalesce(p.scraped_at, p.created_at) >= now() - max_page_age
                    )
                )
            limit most_rows;
    end if;
end
$$;

comment on function frontdesk.scan_filtered is
    'Ids of the chunks of a configuration whose metadata contain these, that have this content type, and whose pages were '
    'fetched within this time, among these chunks; what is NULL does not matter. No more than most_rows, unless that is NULL. '
    'No row for a configuration that the caller does not reach.';
