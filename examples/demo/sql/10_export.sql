-- The visitor asks which data there is about them (GDPR, articles 15 and 20). An admin of the organization answers.

\ir people.sql
\set domain docs.postgresql.example
\set visitor visit-7c21

begin;
select frontdesk.act_as(user_id => :'alice') \gset
select frontdesk.gdpr_export(:'domain', :'visitor') as export \gset
commit;

-- All of it is one JSON document; long texts are shortened here.
\t on
\pset format unaligned
select jsonb_pretty(:'export'::jsonb);
\pset format aligned
\t off
