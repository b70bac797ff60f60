-- Jane (three sessions, one address in several spellings, one customer id) beside two neighbours, in {domain}.
-- {d} domains.id, {c} customer_configs.id, {o} organizations.id.
insert into conversations (id, domain_id, session_id, customer_id, metadata) values
    (gen_random_uuid(), '{d}', 'jane-phone', null, '{"email": "Jane@Mail.example"}'),
    (gen_random_uuid(), '{d}', 'jane-laptop', '77777777-7777-4777-8777-777777777777', '{"user_email": "jane@mail.example"}'),
    (gen_random_uuid(), '{d}', 'jane-shop', '77777777-7777-4777-8777-777777777777', '{"topic": "an order of jane-shop"}'),
    -- Alike, and not the same.
    (gen_random_uuid(), '{d}', 'jane-phone2', null, '{"email": "jane@mail.example.org", "note": "jane@mail.example"}'),
    (gen_random_uuid(), '{d}', 'JANE-PHONE', '77777777-7777-4777-8777-777777777778', '{"email": "xjane@mail.example"}'),
    -- What is blank or absent belongs to nobody.
    (gen_random_uuid(), '{d}', '', null, '{"email": "", "customer_email": "jane@mail.example"}'),
    (gen_random_uuid(), '{d}', '', null, '{"email": " ", "user_email": null}'),
    (gen_random_uuid(), '{d}', null, null, '["email"]');

insert into messages (conversation_id, role, content)
select c.id, r.role, 'said by ' || coalesce(c.session_id, 'nobody')
from conversations as c, unnest(array['user', 'assistant']) as r (role)
where c.domain_id = '{d}';

-- One request per conversation, one of a session that has none, and one that names no domain.
insert into chat_telemetry (session_id, conversation_id, model, start_time, domain, ip_address, user_agent, error, searches, logs, cost_usd)
select coalesce(nullif(c.session_id, ''), 'no session'), c.id, 'a model', now(), '{domain}', '192.0.2.77', 'a browser', 'of ' || c.session_id,
    jsonb_build_array(c.session_id), jsonb_build_array(c.session_id), 0.25
from conversations as c
where c.domain_id = '{d}'
union all
select 'jane-laptop', null, 'a model', now(), '{domain}', '192.0.2.77', 'a browser', null, '[]', '[]', 0.5
union all
select 'jane-shop', c.id, 'a model', now(), null, '192.0.2.77', 'a browser', null, '[]', '[]', 0.125
from conversations as c
where c.domain_id = '{d}' and c.session_id = 'jane-shop';

insert into demo_attempts (domain, email) values
    ('{domain}', 'JANE@mail.example'), ('{domain}', 'john@mail.example'), ('elsewhere.example', 'jane@mail.example');

insert into organization_invitations (organization_id, email, token, invited_by, expires_at) values
    ('{o}', 'jane@MAIL.example', 'secret token of {domain}', '99999999-9999-4999-8999-999999999999', now() + interval '1 day'),
    ('{o}', 'john@mail.example', 'other token of {domain}', '99999999-9999-4999-8999-999999999999', now() + interval '1 day');

-- A person of the staff, and a colleague.
insert into training_data (user_id, domain, type, input_text, output_text)
select u.id, '{domain}', 'answer', 'a question', 'an answer'
from unnest(array['88888888-8888-4888-8888-888888888888', '99999999-9999-4999-8999-999999999999']::uuid[]) as u (id);

insert into widget_config_history (widget_config_id, version, config_snapshot, changed_by)
select w.id, '1', '{"color": "red"}', u.id
from widget_configs as w, unnest(array['88888888-8888-4888-8888-888888888888', '99999999-9999-4999-8999-999999999999']::uuid[]) as u (id)
where w.customer_config_id = '{c}';
