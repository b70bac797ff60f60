-- Who may call what. Runs after every function exists; a name without arguments is unique. A function
-- that is not named here (trigger functions, helpers, act_as, install_schema) is nobody's to call.

-- Functions are born executable by PUBLIC, and default privileges (Supabase has some) open them further.
revoke all on all routines in schema frontdesk from public, anon, authenticated, chat_server, service_role;
revoke all on schema frontdesk from public, anon, authenticated, chat_server, service_role;

-- What a search reads of its tenant.
grant execute on function
    frontdesk.scan_entities,
    frontdesk.scan_filtered,
    frontdesk.scan_pages
    to authenticated, chat_server, service_role;

-- What policies call.
grant execute on function
    frontdesk.current_user_id,
    frontdesk.claimed_domain,
    frontdesk.caller_is_operator,
    frontdesk.accessible_organization_id_array,
    frontdesk.accessible_domain_id_array,
    frontdesk.accessible_config_id_array,
    frontdesk.accessible_domain_name_array,
    frontdesk.accessible_organization_ids,
    frontdesk.accessible_domain_ids,
    frontdesk.accessible_config_ids,
    frontdesk.accessible_domain_names
    to authenticated, chat_server, service_role;

-- What a chat turn calls.
grant execute on function
    frontdesk.add_message,
    frontdesk.cache_get,
    frontdesk.cache_put,
    frontdesk.check_origin,
    frontdesk.check_quota,
    frontdesk.check_rate_limit,
    frontdesk.embedding_model,
    frontdesk.end_conversation,
    frontdesk.expand_synonyms,
    frontdesk.explain_search,
    frontdesk.hybrid_search,
    frontdesk.normalize_domain,
    frontdesk.quota_usage,
    frontdesk.recent_messages,
    frontdesk.resolve_domain,
    frontdesk.role_rank,
    frontdesk.schema_version,
    frontdesk.uses_next_model,
    frontdesk.search_entities,
    frontdesk.search_pages,
    frontdesk.searchable_text,
    frontdesk.start_conversation,
    frontdesk.synonym_entries,
    frontdesk.text_size,
    frontdesk.tsvector_matches,
    frontdesk.version
    to authenticated, chat_server, service_role;

-- What searches and the reading of messages ask first.
grant execute on function
    frontdesk.active_domain,
    frontdesk.refuse_conversation,
    frontdesk.require_active,
    frontdesk.require_search
    to authenticated, chat_server, service_role;

-- What people call; each function checks the caller's role in the organization.
grant execute on function
    frontdesk.accept_invitation,
    frontdesk.add_domain_alias,
    frontdesk.add_training_data,
    frontdesk.change_member_role,
    frontdesk.check_cost_alerts,
    frontdesk.chunk_text,
    frontdesk.create_organization,
    frontdesk.delete_organization,
    frontdesk.export_synonyms,
    frontdesk.export_training_data,
    frontdesk.extract_html,
    frontdesk.gdpr_erase,
    frontdesk.gdpr_export,
    frontdesk.import_synonyms,
    frontdesk.ingest_page,
    frontdesk.invite_member,
    frontdesk.judge_search,
    frontdesk.mark_page_failed,
    frontdesk.migrate_products,
    frontdesk.put_website_content,
    frontdesk.queue_status,
    frontdesk.rebuild_search_statistics,
    frontdesk.register_domain,
    frontdesk.remove_domain,
    frontdesk.remove_domain_alias,
    frontdesk.remove_member,
    frontdesk.remove_page,
    frontdesk.remove_training_data,
    frontdesk.remove_website_content,
    frontdesk.rename_domain,
    frontdesk.revoke_invitation,
    frontdesk.save_widget_config,
    frontdesk.save_widget_variant,
    frontdesk.search_fusion,
    frontdesk.seat_usage,
    frontdesk.set_credentials,
    frontdesk.set_business_classification,
    frontdesk.set_business_terminology,
    frontdesk.set_cost_alert,
    frontdesk.set_search_fusion,
    frontdesk.set_synonyms,
    frontdesk.transfer_domain,
    frontdesk.tune_search,
    frontdesk.unanswered_questions,
    frontdesk.update_training_data,
    frontdesk.verify_search_statistics
    to authenticated, service_role;

-- What functions that run as their caller ask first.
grant execute on function
    frontdesk.refuse_training_change,
    frontdesk.require_domain,
    frontdesk.require_object,
    frontdesk.require_text
    to authenticated, service_role;
grant execute on function frontdesk.require_value to authenticated, chat_server, service_role;

-- What workers and the back office call: it looks past tenants, or answers for all of them.
grant execute on function
    frontdesk.claim_embedding_jobs,
    frontdesk.claim_enrichment_jobs,
    frontdesk.claim_extraction_jobs,
    frontdesk.claim_scrape_jobs,
    frontdesk.complete_embedding_jobs,
    frontdesk.complete_enrichment_jobs,
    frontdesk.complete_extraction_jobs,
    frontdesk.complete_scrape_jobs,
    frontdesk.embedding_model_progress,
    frontdesk.fail_embedding_jobs,
    frontdesk.fail_enrichment_jobs,
    frontdesk.fail_extraction_jobs,
    frontdesk.fail_scrape_jobs,
    frontdesk.finish_embedding_model,
    frontdesk.get_credentials,
    frontdesk.record_demo_attempt,
    frontdesk.refresh_rollups,
    frontdesk.reindex_text_search,
    frontdesk.requeue,
    frontdesk.rotate_credentials,
    frontdesk.run_maintenance,
    frontdesk.set_embedding_model,
    frontdesk.text_search_indexes,
    frontdesk.verify_domain
    to service_role;
