-- What belongs to no organization, and what belongs to all.
insert into domains (id, domain) values ('d0000000-0000-4000-8000-0000000000ff', 'nobodys.example');
insert into customer_configs (id, domain) values ('c0000000-0000-4000-8000-0000000000ff', 'nobodys.example');
with page as (
    insert into scraped_pages (domain_id, url, title, content, status)
    values ('d0000000-0000-4000-8000-0000000000ff', 'https://nobodys.example/', 'Nobody', 'zq1 zq2 zq3', 'completed')
    returning id
)
insert into page_embeddings (page_id, chunk_text) select id, 'zq1 zq2 zq3' from page;
insert into chat_telemetry (session_id, model, start_time, success, domain, cost_usd)
values ('nobody', 'a model', now(), true, 'nobodys.example', 100), ('nobody', 'a model', now(), true, null, 100);
insert into chat_cost_alerts (domain, alert_type, threshold_usd)
values ('nobodys.example', 'monthly', 1), (null, 'monthly', 1);
insert into global_synonym_mappings (term, synonyms, is_safe_for_all)
values ('zq1', array['zq11'], true), ('zq2', array['zq12', 'zq13'], true), ('zq3', array['zq14'], false);
