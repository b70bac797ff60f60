-- The visitor asks which data there is about them (GDPR, articles 15 and 20). They are known by a session, a customer id
-- or an e-mail address; whatever shares one of these with it is theirs too. An admin of the organization answers.

\ir people.sql
\set domain docs.postgresql.example
\set visitor jana.novak@customer.example

begin;
select frontdesk.act_as(user_id => :'alice') \gset
select frontdesk.gdpr_export(:'domain', :'visitor') as export \gset
commit;

\echo 'Rows about the visitor'
select key as "table", value as rows
from jsonb_each(:'export'::jsonb -> 'counts')
where value <> '0'
order by key;

\echo 'Some of the document that the visitor gets'
\pset tuples_only on
\pset format unaligned
select jsonb_pretty(jsonb_build_object(
    'generated_at', d.export -> 'generated_at',
    'conversations', d.export #> '{data,conversations}',
    'messages', jsonb_path_query_array(d.export, '$.data.messages[*].content'),
    'ip_address', d.export #> '{data,chat_telemetry,0,ip_address}'
))
from (select :'export'::jsonb as export) as d;
\pset format aligned
\pset tuples_only off
\echo
