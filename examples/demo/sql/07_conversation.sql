-- A visitor chats with the widget on docs.postgresql.example.

\ir people.sql
\set domain docs.postgresql.example
\set question 'The disk is full and the server stopped. What can I do?'

-- The widget's server finds what an answer can be made of. Its role reaches this one domain, whatever it asks for.
begin;
select frontdesk.act_as(domain => :'domain') \gset
select url, left(regexp_replace(chunk_text, '\s+', ' ', 'g'), 250) as passage
from frontdesk.hybrid_search(:'domain', :'question', match_count => 1) \gset
select count(*) as pages_the_chat_server_sees, count(distinct domain_id) as domains from scraped_pages;
commit;

-- The same role writes the conversation. Here the answer is the best passage; yours comes from a language model that was
-- given the passages.
begin;
select frontdesk.act_as(domain => :'domain') \gset
select conversation_id
from frontdesk.start_conversation(
    :'domain', 'visit-7c21', customer_id => '7a3f2c52-0f6e-4a57-9d3b-2f1f7f1d5c11',
    metadata => '{"email": "jana.novak@customer.example", "page": "/disk-full.html"}'
) \gset
select message_id from frontdesk.add_message(:'conversation_id', 'user', :'question') \gset
select message_id from frontdesk.add_message(:'conversation_id', 'assistant', concat(:'passage', ' ... (', :'url', ')')) \gset
select message_id
from frontdesk.add_message(
    :'conversation_id', 'user', 'Thanks! You can write to jana.novak@customer.example if there is more.'
) \gset
commit;

-- The back office writes what it cost. Tokens and duration are filled in where the writer leaves them out.
begin;
set local role service_role;
insert into chat_telemetry (
    session_id, conversation_id, domain, model, start_time, end_time, iterations, search_count, total_results, searches,
    input_tokens, output_tokens, cost_usd, success, ip_address, user_agent
)
values (
    'visit-7c21', :'conversation_id', :'domain', 'large-model', now() - interval '2.4 seconds', now(), 1, 1, 1,
    jsonb_build_array(jsonb_build_object('query', :'question', 'results', 1)),
    1840, 212, 0.0092, true, '203.0.113.7', 'Mozilla/5.0 (X11; Linux x86_64)'
)
returning duration_ms, total_tokens, cost_usd;
commit;

-- Bob reads it in the order in which it was said; Carol does not know that it exists.
begin;
select frontdesk.act_as(user_id => :'bob') \gset
\pset tuples_only on
\pset format unaligned
select rtrim(regexp_replace(concat(m.role, ': ', m.content), '(.{1,100})( |$)', E'\\1\n    ', 'g'), E'\n ')
from conversations as c
join messages as m on m.conversation_id = c.id
where c.session_id = 'visit-7c21'
order by m.ordinal;
\pset format aligned
\pset tuples_only off
\echo
commit;

begin;
select frontdesk.act_as(user_id => :'carol') \gset
select count(*) as conversations_that_carol_sees from conversations;
commit;
