-- One tenant with at least one row in every table that belongs to a tenant. {n} is the tenant's digit, {name} its name.
insert into organizations (id, name, slug, max_seats, billing_email)
values ('a0000000-0000-4000-8000-00000000000{n}', '{name}', '{name}', 10, 'billing@{name}.example');

insert into organization_members (organization_id, user_id, role)
select 'a0000000-0000-4000-8000-00000000000{n}', format('b000000{n}-0000-4000-8000-00000000000%s', place)::uuid, role
from unnest(array['owner', 'admin', 'member', 'viewer']) with ordinality as people (role, place);

insert into organization_invitations (organization_id, email, token, role, invited_by, expires_at)
values ('a0000000-0000-4000-8000-00000000000{n}', 'invited@{name}.example', 'digest of {name}', 'member',
    'b000000{n}-0000-4000-8000-000000000001', now() + interval '7 days');

insert into customer_configs (id, domain, business_name, organization_id, woocommerce_consumer_secret, shopify_shop, shopify_access_token)
values ('c0000000-0000-4000-8000-00000000000{n}', '{name}.example', '{name}', 'a0000000-0000-4000-8000-00000000000{n}',
    'secret of {name}', '{name}', 'token of {name}');

insert into domains (id, domain, name, organization_id)
values ('d0000000-0000-4000-8000-00000000000{n}', '{name}.example', '{name}', 'a0000000-0000-4000-8000-00000000000{n}');

insert into scraped_pages (id, domain_id, url, title, content, status, metadata)
select format('e000000{n}-0000-4000-8000-%s', lpad(i::text, 12, '0'))::uuid, 'd0000000-0000-4000-8000-00000000000{n}',
    'https://{name}.example/page/' || i, '{name} page ' || i, 'What {name} says about subject ' || i || ': refunds take ' || i || ' days.',
    'completed', jsonb_build_object('category', 'help', 'price', i)
from generate_series(1, 5) as i;

insert into page_embeddings (page_id, chunk_text, metadata, embedding)
select format('e000000{n}-0000-4000-8000-%s', lpad(i::text, 12, '0'))::uuid, 'Refunds of {name} take ' || i || ' days.',
    jsonb_build_object('chunk_index', 0, 'total_chunks', 1, 'content_type', 'page'),
    case when i < 5 then (select array_agg(sin({n} * i * x)) from generate_series(1, 1536) as x)::vector end
from generate_series(1, 5) as i;

insert into website_content (domain_id, url, title, content, summary)
values ('d0000000-0000-4000-8000-00000000000{n}', 'https://{name}.example/about', 'About {name}', 'We are {name}.', 'About');

insert into structured_extractions (domain_id, url, extract_type, extracted_data)
values ('d0000000-0000-4000-8000-00000000000{n}', 'https://{name}.example/page/1', 'faq', '{"question": "When?", "answer": "{name} now"}');

insert into scrape_jobs (domain_id, customer_config_id, domain, job_type, status, queue_job_id)
values ('d0000000-0000-4000-8000-00000000000{n}', 'c0000000-0000-4000-8000-00000000000{n}', '{name}.example', 'full', 'running', 'job of {name}');

insert into entity_catalog (domain_id, page_id, entity_type, primary_identifier, name, description, price)
values ('d0000000-0000-4000-8000-00000000000{n}', 'e000000{n}-0000-4000-8000-000000000001', 'product', 'SKU-{n}', '{name} kettle', 'A kettle', 24.90);

insert into product_catalog (page_id, sku, name, price)
values ('e000000{n}-0000-4000-8000-000000000002', 'OLD-{n}', '{name} toaster', 19.90);

insert into training_data (user_id, domain, type, input_text, output_text)
values ('b000000{n}-0000-4000-8000-000000000003', '{name}.example', 'answer', 'When do you open?', 'At nine, says {name}.');

insert into business_classifications (domain_id, business_type, confidence, indicators)
values ('c0000000-0000-4000-8000-00000000000{n}', 'ecommerce', 0.9, array['cart']);

insert into conversations (id, domain_id, session_id, customer_id, metadata)
values ('f0000000-0000-4000-8000-00000000000{n}', 'd0000000-0000-4000-8000-00000000000{n}', 'session of {name}',
    'f1000000-0000-4000-8000-00000000000{n}', '{"email": "visitor@{name}.example"}');

insert into messages (conversation_id, role, content)
values ('f0000000-0000-4000-8000-00000000000{n}', 'user', 'How long does a refund take, {name}?'),
    ('f0000000-0000-4000-8000-00000000000{n}', 'assistant', 'Two days.');

insert into chat_telemetry (session_id, conversation_id, model, start_time, end_time, input_tokens, output_tokens, cost_usd, success, domain, user_agent, ip_address)
values ('session of {name}', 'f0000000-0000-4000-8000-00000000000{n}', 'a model', now() - interval '2 seconds', now(), 100, 20, 0.01, true,
    '{name}.example', 'a browser', '192.0.2.{n}');

insert into chat_telemetry_domain_rollups (bucket_start, bucket_end, granularity, domain, total_requests)
values ('2020-01-01 00:00+00', '2020-01-01 01:00+00', 'hour', '{name}.example', 1);

insert into chat_telemetry_model_rollups (bucket_start, bucket_end, granularity, domain, model, total_requests)
values ('2020-01-01 00:00+00', '2020-01-01 01:00+00', 'hour', '{name}.example', 'a model', 1);

insert into chat_telemetry_rollups (bucket_start, bucket_end, granularity, total_requests)
values ('2020-01-01 00:00+00', '2020-01-01 01:00+00', 'hour', 1)
on conflict (granularity, bucket_start) do update set total_requests = chat_telemetry_rollups.total_requests + 1;

insert into chat_cost_alerts (domain, alert_type, threshold_usd) values ('{name}.example', 'daily', 5);

insert into gdpr_audit_log (domain, request_type, user_identifier, action_taken)
values ('{name}.example', 'access', 'pseudonym of a person', 'answered by {name}');

insert into demo_attempts (domain, email, company_name) values ('prospect-{n}.example', 'prospect@{name}.example', '{name}');

insert into widget_configs (id, customer_config_id, version, config_data)
values ('90000000-0000-4000-8000-00000000000{n}', 'c0000000-0000-4000-8000-00000000000{n}', '1', '{"color": "{name}"}');

insert into widget_config_variants (widget_config_id, variant_name, variant_config, traffic_percentage)
values ('90000000-0000-4000-8000-00000000000{n}', 'bold', '{"weight": "bold"}', 50);

insert into domain_synonym_mappings (domain_id, term, synonyms) values ('c0000000-0000-4000-8000-00000000000{n}', 'refund', array['money back of {name}']);

insert into query_cache (domain_id, query_hash, results, expires_at)
values ('c0000000-0000-4000-8000-00000000000{n}', 'a hash', '{"answer": "of {name}"}', now() + interval '1 hour');

insert into search_cache (domain_id, query_hash, search_type, results, expires_at)
values ('d0000000-0000-4000-8000-00000000000{n}', 'a hash', 'hybrid', '{"answer": "of {name}"}', now() + interval '1 hour');
