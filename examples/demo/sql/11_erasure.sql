-- The visitor asks to be forgotten (GDPR, article 17).

\ir people.sql
\set domain docs.postgresql.example
\set visitor jana.novak@customer.example

begin;
select frontdesk.act_as(user_id => :'alice') \gset
select frontdesk.gdpr_erase(:'domain', :'visitor') as receipt \gset
commit;

\echo 'Receipt: rows erased'
select key as "table", value as rows
from jsonb_each(:'receipt'::jsonb -> 'counts')
where value <> '0'
order by key;

-- Looked for with an operator's eyes, who sees every row of every tenant.
\echo 'What is left of the visitor'
begin;
set local role service_role;
select
    (select count(*) from conversations where metadata ->> 'email' = :'visitor' or session_id = 'visit-7c21') as conversations,
    (select count(*) from messages where content like '%' || :'visitor' || '%') as messages,
    (select count(*) from chat_telemetry where session_id = 'visit-7c21') as telemetry;

-- The audit log says what was done. Of the visitor it keeps a digest that only the salt on the receipt opens: who holds
-- the receipt can prove the erasure, and nobody can find the visitor in the log.
\echo 'The audit log'
select
    request_type,
    action_taken,
    left(user_identifier, 24) || '...' as user_identifier,
    user_identifier = 'sha256:' || encode(
        sha256(decode(:'receipt'::jsonb ->> 'salt', 'hex') || convert_to(:'visitor', 'UTF8')), 'hex'
    ) as is_this_receipt
from gdpr_audit_log
order by created_at;
commit;
