-- Two organizations that must never see each other's data: Alice's, who writes about PostgreSQL, and Carol's, who writes
-- about Debian. Bob works for Alice.

\ir people.sql

-- act_as() does what a gateway such as PostgREST does for each request: it states who is asking and takes the role of
-- signed-in people, which row level security applies to, until the transaction ends. \gset keeps an answer without
-- printing it.
begin;
select frontdesk.act_as(user_id => :'alice') \gset
select frontdesk.create_organization('PostgreSQL Manual', 'postgresql-manual') as organization_id \gset
select * from frontdesk.register_domain(:'organization_id', 'https://www.Docs.PostgreSQL.example/', 'The manual');

-- An owner adds people with plain SQL; the policy sees to it that nobody grants a rank above their own.
insert into organization_members (organization_id, user_id, role)
values (:'organization_id', :'bob', 'member');
commit;

begin;
select frontdesk.act_as(user_id => :'carol') \gset
select frontdesk.create_organization('Debian Handbook', 'debian-handbook') as organization_id \gset
select * from frontdesk.register_domain(:'organization_id', 'handbook.debian.example', 'The handbook');
commit;

-- What Bob sees of all this: his organization and its people, nothing of Carol's.
begin;
select frontdesk.act_as(user_id => :'bob') \gset
select o.name as organization, d.domain, m.role, m.user_id = :'bob' as is_me
from organizations as o
join domains as d on d.organization_id = o.id
join organization_members as m on m.organization_id = o.id
order by o.name, m.role desc;
commit;
