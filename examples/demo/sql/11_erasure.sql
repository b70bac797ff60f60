-- The visitor asks to be forgotten (article 17).

\ir people.sql
\set domain docs.postgresql.example
\set visitor visit-7c21

begin;
select frontdesk.act_as(user_id => :'alice') \gset
\echo 'Receipt'
select jsonb_pretty(frontdesk.gdpr_erase(:'domain', :'visitor')) as receipt;
commit;

-- Looked for with an operator's eyes, who sees every row of every tenant.
begin;
set local role service_role;
select
    (select count(*) from conversations where session_id = :'visitor') as conversations,
    (select count(*) from messages where content like '%jana.novak%') as messages,
    (select count(*) from chat_telemetry where session_id = :'visitor') as telemetry;

-- The audit log says what was done, and does not keep who asked.
select domain, request_type, action_taken, user_identifier = :'visitor' as names_the_visitor
from gdpr_audit_log
order by created_at;
commit;
