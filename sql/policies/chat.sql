-- Who may read conversations. They are written through functions only.

create policy "members and the chat server read their conversations" on conversations
    for select to authenticated, chat_server
    using (domain_id = any ((select frontdesk.accessible_domain_id_array())::uuid[]));

create policy "members and the chat server read their messages" on messages
    for select to authenticated, chat_server
    using (domain_id = any ((select frontdesk.accessible_domain_id_array())::uuid[]));
