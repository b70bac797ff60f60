-- Role x table x privilege. Policies decide about rows; this decides about tables and columns.
--
-- Everything is revoked first, because default privileges (Supabase has some) hand every new table
-- to anon and authenticated, secret columns included. Revoking from a table revokes its columns too.
--
-- Nobody writes id, created_at or updated_at, and the key of the tenant is written at most once, by
-- an insert that a policy checks. Operators (service_role) bypass policies; they neither truncate
-- nor create triggers, which would run with the rights of whoever writes next.

revoke all on
    organizations, organization_members, organization_invitations, customer_configs, domains,
    scraped_pages, website_content, structured_extractions, scrape_jobs, embedding_queue,
    entity_extraction_queue,
    page_embeddings, entity_catalog, product_catalog, training_data, business_classifications,
    conversations, messages,
    chat_telemetry, chat_telemetry_rollups, chat_telemetry_domain_rollups, chat_telemetry_model_rollups,
    chat_cost_alerts,
    gdpr_audit_log, demo_attempts,
    widget_configs, widget_config_variants, widget_config_history,
    global_synonym_mappings, domain_synonym_mappings,
    query_cache, search_cache
    from public, anon, authenticated, chat_server, service_role;

-- Bookkeeping is the functions' own. The sequence of an identity column asks nobody for a privilege.
revoke all on schema frontdesk_internal from public, anon, authenticated, chat_server, service_role;
revoke all on all tables in schema frontdesk_internal from public, anon, authenticated, chat_server, service_role;
revoke all on all sequences in schema frontdesk_internal from public, anon, authenticated, chat_server, service_role;
revoke all on sequence messages_ordinal_seq from public, anon, authenticated, chat_server, service_role;

grant select, insert, update, delete on
    organizations, organization_members, organization_invitations, customer_configs, domains,
    scraped_pages, website_content, structured_extractions, scrape_jobs, embedding_queue,
    entity_extraction_queue,
    page_embeddings, entity_catalog, product_catalog, training_data, business_classifications,
    conversations, messages,
    chat_telemetry, chat_telemetry_rollups, chat_telemetry_domain_rollups, chat_telemetry_model_rollups,
    chat_cost_alerts,
    gdpr_audit_log, demo_attempts,
    widget_configs, widget_config_variants, widget_config_history,
    global_synonym_mappings, domain_synonym_mappings,
    query_cache, search_cache
    to service_role;

-- What a chat turn reads.
grant select on
    domains,
    scraped_pages, website_content, structured_extractions,
    page_embeddings, entity_catalog, product_catalog, business_classifications,
    conversations, messages,
    widget_configs, widget_config_variants,
    global_synonym_mappings, domain_synonym_mappings,
    query_cache, search_cache
    to authenticated, chat_server;

-- All columns but the credentials.
grant select (
    id, domain, business_name, business_description, primary_color, welcome_message, suggested_questions,
    woocommerce_url, rate_limit, allowed_origins, active, created_at, updated_at, organization_id, shopify_shop,
    max_pages, max_chunks, max_monthly_cost_usd
) on customer_configs to authenticated, chat_server;

-- What members read beside that.
grant select on
    organizations, organization_members,
    training_data,
    chat_telemetry, chat_telemetry_domain_rollups, chat_telemetry_model_rollups, chat_cost_alerts,
    gdpr_audit_log,
    widget_config_history
    to authenticated;

-- All columns but the token.
grant select (
    id, organization_id, email, role, invited_by, created_at, expires_at, accepted_at
) on organization_invitations to authenticated;

-- All columns but the lease token, with which a worker finishes its jobs.
grant select (
    id, page_id, status, retry_count, error_message, created_at, updated_at, domain_id, lease_expires_at, not_before,
    turn, leased_chunks
) on embedding_queue to authenticated;
grant select (
    id, page_id, status, priority, retry_count, error_message, created_at, updated_at, domain_id,
    lease_expires_at, not_before, turn
) on entity_extraction_queue to authenticated;
grant select (
    id, domain_id, customer_config_id, domain, job_type, status, queue_job_id, started_at, completed_at, error_message,
    metadata, created_at, updated_at, retry_count, lease_expires_at, not_before, turn
) on scrape_jobs to authenticated;

-- What people write, where a policy lets them. Seats and slugs are not theirs to change.
grant update (name, billing_email) on organizations to authenticated;
grant delete on organizations to authenticated;

grant insert (organization_id, user_id, role) on organization_members to authenticated;
grant update (role) on organization_members to authenticated;
grant delete on organization_members to authenticated;

grant insert (organization_id, email, token, role, invited_by, expires_at)
    on organization_invitations to authenticated;
grant delete on organization_invitations to authenticated;

-- Not the rate limit, which protects the platform, and not the shop's address: whoever could point
-- it elsewhere would be sent the credentials that nobody may read.
grant update (
    business_name, business_description, primary_color, welcome_message, suggested_questions, allowed_origins, active
) on customer_configs to authenticated;

-- A name is given once; renaming moves every row that carries it and needs a function.
grant insert (domain, name, description, scrape_frequency, active, organization_id, text_search_config)
    on domains to authenticated;
grant update (name, description, scrape_frequency, active, text_search_config) on domains to authenticated;
grant delete on domains to authenticated;

grant delete on page_embeddings to authenticated;

grant insert (user_id, domain, type, input_text, output_text, metadata) on training_data to authenticated;
grant update (type, input_text, output_text, metadata) on training_data to authenticated;
grant delete on training_data to authenticated;

grant insert (
    session_id, conversation_id, model, start_time, end_time, duration_ms, iterations, max_iterations,
    search_count, total_results, searches, tokens_used, input_tokens, output_tokens, total_tokens, cost_usd,
    success, error, final_response_length, logs, domain, user_agent, ip_address, model_config
) on chat_telemetry to authenticated;
grant delete on chat_telemetry to authenticated;

grant insert (domain, alert_type, threshold_usd) on chat_cost_alerts to authenticated;
grant update (alert_type, threshold_usd) on chat_cost_alerts to authenticated;
grant delete on chat_cost_alerts to authenticated;
