-- Who may see and change synonyms. Global ones belong to the platform; a domain's own ones (keyed
-- by the configuration's id) are written through frontdesk.set_synonyms.

create policy "everyone signed in reads the safe synonyms" on global_synonym_mappings
    for select to authenticated, chat_server
    using (
        is_safe_for_all
        and (select frontdesk.current_user_id() is not null or frontdesk.claimed_domain() is not null)
    );

create policy "operators add global synonyms" on global_synonym_mappings
    for insert to service_role
    with check (true);

create policy "operators change global synonyms" on global_synonym_mappings
    for update to service_role
    using (true)
    with check (true);

create policy "operators remove global synonyms" on global_synonym_mappings
    for delete to service_role
    using (true);

create policy "members and the chat server read their synonyms" on domain_synonym_mappings
    for select to authenticated, chat_server
    using (domain_id = any ((select frontdesk.accessible_config_id_array())::uuid[]));
