-- Who may read cached answers (keyed by the configuration's id) and cached search results (keyed
-- by the domain's id). Both are filled through functions.

create policy "members and the chat server read their cached answers" on query_cache
    for select to authenticated, chat_server
    using (domain_id = any ((select frontdesk.accessible_config_id_array())::uuid[]));

create policy "members and the chat server read their cached searches" on search_cache
    for select to authenticated, chat_server
    using (domain_id = any ((select frontdesk.accessible_domain_id_array())::uuid[]));
