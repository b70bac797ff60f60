-- Who may see widget configurations. They are written through functions only. The variants and the
-- history carry the configuration's tenant in customer_config_id, filled from their widget.

create policy "members and the chat server read their widgets" on widget_configs
    for select to authenticated, chat_server
    using (customer_config_id = any ((select frontdesk.accessible_config_id_array())::uuid[]));

create policy "members and the chat server read their widgets' variants" on widget_config_variants
    for select to authenticated, chat_server
    using (customer_config_id = any ((select frontdesk.accessible_config_id_array())::uuid[]));

create policy "members read their widgets' history" on widget_config_history
    for select to authenticated
    using (customer_config_id = any ((select frontdesk.accessible_config_id_array())::uuid[]));
