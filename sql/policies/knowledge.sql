-- Who may see and change what the answers are made of. `domain_id` is the id of a configuration
-- in page_embeddings and business_classifications, and the id of a domain in the two catalogs.

create policy "members and the chat server read their embeddings" on page_embeddings
    for select to authenticated, chat_server
    using (domain_id = any ((select frontdesk.accessible_config_id_array())::uuid[]));

create policy "admins delete their embeddings" on page_embeddings
    for delete to authenticated
    using (domain_id = any ((select frontdesk.accessible_config_id_array('admin'))::uuid[]));

create policy "members and the chat server read their entities" on entity_catalog
    for select to authenticated, chat_server
    using (domain_id = any ((select frontdesk.accessible_domain_id_array())::uuid[]));

create policy "members and the chat server read their products" on product_catalog
    for select to authenticated, chat_server
    using (domain_id = any ((select frontdesk.accessible_domain_id_array())::uuid[]));

create policy "members and the chat server read their classification" on business_classifications
    for select to authenticated, chat_server
    using (domain_id = any ((select frontdesk.accessible_config_id_array())::uuid[]));

-- training_data belongs to the person who wrote it and to the domain that it is for: both must match.

create policy "people read their own examples" on training_data
    for select to authenticated
    using (
        user_id = (select frontdesk.current_user_id())
        and domain = any ((select frontdesk.accessible_domain_name_array())::text[])
    );

create policy "people add examples for their own domains" on training_data
    for insert to authenticated
    with check (
        user_id = (select frontdesk.current_user_id())
        and domain = any ((select frontdesk.accessible_domain_name_array('member'))::text[])
    );

create policy "people change their own examples while pending" on training_data
    for update to authenticated
    using (
        user_id = (select frontdesk.current_user_id())
        and domain = any ((select frontdesk.accessible_domain_name_array('member'))::text[])
        and status = 'pending'
    )
    with check (
        user_id = (select frontdesk.current_user_id())
        and domain = any ((select frontdesk.accessible_domain_name_array('member'))::text[])
        and status = 'pending'
    );

create policy "people delete their own examples" on training_data
    for delete to authenticated
    using (
        user_id = (select frontdesk.current_user_id())
        and domain = any ((select frontdesk.accessible_domain_name_array('member'))::text[])
    );
