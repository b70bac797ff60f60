-- updated_at says when a row last became different, whoever wrote it.

-- The comparison is by image (*<>): it works for every type, also for columns a user adds that have no equality operator.
-- It is made here and not in a WHEN clause, which a user's generated column would forbid. Triggers of one event fire
-- in the order of their names, so this one (t...) sees what the others have filled in.
--
-- A stored generated column that a user adds makes every update a change: it is not computed yet when a BEFORE trigger
-- runs, so NEW has NULL there. To look such columns up would cost more than the comparison, for each row of each table.
create or replace function frontdesk.touch_updated_at()
returns trigger
language plpgsql
as $$
begin
    if old *<> new then
        new.updated_at := now();
    end if;
    return new;
end
$$;

comment on function frontdesk.touch_updated_at() is
    'Trigger: sets updated_at to the time of the transaction when an UPDATE really changes the row.';

create trigger touch_updated_at before update on organizations
    for each row execute function frontdesk.touch_updated_at();
create trigger touch_updated_at before update on customer_configs
    for each row execute function frontdesk.touch_updated_at();
create trigger touch_updated_at before update on domains
    for each row execute function frontdesk.touch_updated_at();
create trigger touch_updated_at before update on scraped_pages
    for each row execute function frontdesk.touch_updated_at();
create trigger touch_updated_at before update on website_content
    for each row execute function frontdesk.touch_updated_at();
create trigger touch_updated_at before update on scrape_jobs
    for each row execute function frontdesk.touch_updated_at();
create trigger touch_updated_at before update on embedding_queue
    for each row execute function frontdesk.touch_updated_at();
create trigger touch_updated_at before update on entity_extraction_queue
    for each row execute function frontdesk.touch_updated_at();
create trigger touch_updated_at before update on entity_catalog
    for each row execute function frontdesk.touch_updated_at();
create trigger touch_updated_at before update on product_catalog
    for each row execute function frontdesk.touch_updated_at();
create trigger touch_updated_at before update on training_data
    for each row execute function frontdesk.touch_updated_at();
create trigger touch_updated_at before update on business_classifications
    for each row execute function frontdesk.touch_updated_at();
create trigger touch_updated_at before update on chat_telemetry
    for each row execute function frontdesk.touch_updated_at();
create trigger touch_updated_at before update on chat_telemetry_rollups
    for each row execute function frontdesk.touch_updated_at();
create trigger touch_updated_at before update on chat_telemetry_domain_rollups
    for each row execute function frontdesk.touch_updated_at();
create trigger touch_updated_at before update on chat_telemetry_model_rollups
    for each row execute function frontdesk.touch_updated_at();
create trigger touch_updated_at before update on chat_cost_alerts
    for each row execute function frontdesk.touch_updated_at();
create trigger touch_updated_at before update on widget_configs
    for each row execute function frontdesk.touch_updated_at();
create trigger touch_updated_at before update on widget_config_variants
    for each row execute function frontdesk.touch_updated_at();
create trigger touch_updated_at before update on global_synonym_mappings
    for each row execute function frontdesk.touch_updated_at();
create trigger touch_updated_at before update on domain_synonym_mappings
    for each row execute function frontdesk.touch_updated_at();
