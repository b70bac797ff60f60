-- Who may call what. Runs after every function exists; a name without arguments is unique.

-- Functions are born executable by PUBLIC, and default privileges (Supabase has some) open them further.
revoke all on schema frontdesk from public, anon, authenticated, chat_server, service_role;
revoke all on all routines in schema frontdesk from public, anon, authenticated, chat_server, service_role;

grant usage on schema frontdesk to authenticated, chat_server, service_role, frontdesk_owner;

-- What policies call, so whoever they are for.
grant execute on function
    frontdesk.current_user_id,
    frontdesk.claimed_domain,
    frontdesk.caller_is_operator,
    frontdesk.accessible_organization_ids,
    frontdesk.accessible_domain_ids,
    frontdesk.accessible_config_ids,
    frontdesk.accessible_domain_names
    to authenticated, chat_server;

-- What a chat turn calls.
grant execute on function
    frontdesk.expand_synonyms,
    frontdesk.hybrid_search,
    frontdesk.normalize_domain,
    frontdesk.resolve_domain,
    frontdesk.role_rank,
    frontdesk.schema_version,
    frontdesk.version
    to authenticated, chat_server;

-- What people call; each function checks the caller's role in the organization.
grant execute on function
    frontdesk.check_cost_alerts,
    frontdesk.chunk_text,
    frontdesk.create_organization,
    frontdesk.extract_html,
    frontdesk.gdpr_erase,
    frontdesk.gdpr_export,
    frontdesk.ingest_page,
    frontdesk.queue_status,
    frontdesk.register_domain,
    frontdesk.remove_page,
    frontdesk.seat_usage,
    frontdesk.set_synonyms
    to authenticated;

-- Operators call everything, and so do the functions that run as frontdesk_owner. Acting for others
-- is for the login roles that an operator names.
grant execute on all routines in schema frontdesk to service_role, frontdesk_owner;
revoke execute on function frontdesk.act_as(uuid), frontdesk.act_as(text) from service_role, frontdesk_owner;
