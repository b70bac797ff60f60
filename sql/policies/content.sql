-- Who may see scraped content and the jobs that make it. Members write through functions, which
-- check their rank. Here `domain_id` is always the id of a row in `domains`.

create policy "members and the chat server read their domains' pages" on scraped_pages
    for select to authenticated, chat_server
    using (domain_id = any ((select frontdesk.accessible_domain_id_array())::uuid[]));

create policy "members and the chat server read their domains' website content" on website_content
    for select to authenticated, chat_server
    using (domain_id = any ((select frontdesk.accessible_domain_id_array())::uuid[]));

create policy "members and the chat server read their domains' extractions" on structured_extractions
    for select to authenticated, chat_server
    using (domain_id = any ((select frontdesk.accessible_domain_id_array())::uuid[]));

-- A job may name a domain, a configuration, or both; the domain decides when it is there.
create policy "members follow their domains' scrape jobs" on scrape_jobs
    for select to authenticated
    using (
        domain_id = any ((select frontdesk.accessible_domain_id_array())::uuid[])
        or (
            domain_id is null
            and customer_config_id = any ((select frontdesk.accessible_config_id_array())::uuid[])
        )
    );

create policy "members follow their domains' embedding jobs" on embedding_queue
    for select to authenticated
    using (domain_id = any ((select frontdesk.accessible_domain_id_array())::uuid[]));

create policy "members follow their domains' extraction jobs" on entity_extraction_queue
    for select to authenticated
    using (domain_id = any ((select frontdesk.accessible_domain_id_array())::uuid[]));
