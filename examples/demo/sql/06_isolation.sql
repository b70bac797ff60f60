-- Carol asks what Bob asked first. She gets answers from her own domain only.

\ir people.sql
\set asker :carol
\set domain handbook.debian.example
\set answers 2

\set question 'How do I dump a database and restore it on another machine?'
\ir ask.sql

-- However she asks, nothing of Bob's is there for her: not through the tables,
begin;
select frontdesk.act_as(user_id => :'carol') \gset
select count(*) as pages_i_see,
    count(*) filter (where url like '%postgresql%') as pages_of_the_other_organization
from scraped_pages;
commit;

-- and not by naming his domain, which answers as if it did not exist.
\echo 'Carol asks for the other domain by its name:'
\set ON_ERROR_STOP off
begin;
select frontdesk.act_as(user_id => :'carol') \gset
select url from frontdesk.hybrid_search('docs.postgresql.example', 'dump');
rollback;
\set ON_ERROR_STOP on
