-- One row of everything that the example queries ask for, written with the specification's columns only.
insert into organizations (id, name, slug)
values ('11111111-1111-4111-8111-111111111111', 'Example', 'example');

insert into customer_configs (id, domain, organization_id, shopify_shop, shopify_access_token)
values ('22222222-2222-4222-8222-222222222222', 'example.com', '11111111-1111-4111-8111-111111111111', 'example', 'not a token');

insert into domains (id, domain, organization_id)
values ('33333333-3333-4333-8333-333333333333', 'example.com', '11111111-1111-4111-8111-111111111111');

insert into scraped_pages (id, domain_id, url, title, content)
values ('44444444-4444-4444-8444-444444444444', '33333333-3333-4333-8333-333333333333',
        'https://example.com/opening-hours', 'Opening hours', 'We are open from nine to five.');

insert into page_embeddings (page_id, domain_id, chunk_text, embedding)
values ('44444444-4444-4444-8444-444444444444', '22222222-2222-4222-8222-222222222222',
        'We are open from nine to five.', ('[' || repeat('0.5,', 1535) || '0.5]')::vector);

insert into conversations (id, domain_id, session_id)
values ('55555555-5555-4555-8555-555555555555', '33333333-3333-4333-8333-333333333333', 'a visit');

insert into messages (conversation_id, role, content)
values ('55555555-5555-4555-8555-555555555555', 'user', 'When do you open?');

insert into chat_telemetry (session_id, conversation_id, model, start_time, domain, cost_usd)
values ('a visit', '55555555-5555-4555-8555-555555555555', 'a model', now(), 'example.com', 0.01);
