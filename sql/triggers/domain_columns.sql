-- A domain name in a text column is spelt as in the registry, so that policies, renames and erasure find it.
--
-- Nearly every value is normal already. The pattern in the WHEN clauses (empty, or a plain host name in lower case without
-- www.) lets those pass, which is all that a bulk load costs.

-- Security definer: lets the caller do nothing; it spares a grant on the function it calls.
create or replace function frontdesk.normalize_domain_column()
returns trigger
language plpgsql
security definer
as $$
begin
    new.domain := frontdesk.canonical_domain(new.domain);
    return new;
end
$$;

comment on function frontdesk.normalize_domain_column() is
    'Trigger: writes the domain column in the normal spelling of domain names; text that is no host name stays.';

create trigger normalize_domain_column before insert or update of domain on chat_telemetry
    for each row when (new.domain !~ '^((?!www\.)[a-z0-9-]+(\.[a-z0-9-]+)+)?$')
    execute function frontdesk.normalize_domain_column();
create trigger normalize_domain_column before insert or update of domain on chat_telemetry_domain_rollups
    for each row when (new.domain !~ '^((?!www\.)[a-z0-9-]+(\.[a-z0-9-]+)+)?$')
    execute function frontdesk.normalize_domain_column();
create trigger normalize_domain_column before insert or update of domain on chat_telemetry_model_rollups
    for each row when (new.domain !~ '^((?!www\.)[a-z0-9-]+(\.[a-z0-9-]+)+)?$')
    execute function frontdesk.normalize_domain_column();
create trigger normalize_domain_column before insert or update of domain on chat_cost_alerts
    for each row when (new.domain !~ '^((?!www\.)[a-z0-9-]+(\.[a-z0-9-]+)+)?$')
    execute function frontdesk.normalize_domain_column();
create trigger normalize_domain_column before insert or update of domain on training_data
    for each row when (new.domain !~ '^((?!www\.)[a-z0-9-]+(\.[a-z0-9-]+)+)?$')
    execute function frontdesk.normalize_domain_column();
create trigger normalize_domain_column before insert or update of domain on scrape_jobs
    for each row when (new.domain !~ '^((?!www\.)[a-z0-9-]+(\.[a-z0-9-]+)+)?$')
    execute function frontdesk.normalize_domain_column();
create trigger normalize_domain_column before insert or update of domain on demo_attempts
    for each row when (new.domain !~ '^((?!www\.)[a-z0-9-]+(\.[a-z0-9-]+)+)?$')
    execute function frontdesk.normalize_domain_column();
