-- Fills the installed tables: {rows} chunks and {rows} messages of {organizations} organizations, the n-th of which has a
-- share in proportion to 1 / n. Runs step by step.
-- step: organizations
create schema bench;
create table bench.organizations as
select n, gen_random_uuid() as id, gen_random_uuid() as domain_id, gen_random_uuid() as config_id,
    (1.0 / n) / sum(1.0 / n) over () as share
from generate_series(1, {organizations}) as n;
create table bench.pages (person text, id uuid);
create table bench.conversations (person text, id uuid);
grant usage on schema bench to authenticated;
grant select on all tables in schema bench to authenticated;
insert into organizations (id, name, slug, max_seats)
select o.id, 'Organization ' || o.n, 'organization-' || o.n, 100 from bench.organizations as o;
insert into customer_configs (id, domain, organization_id)
select o.config_id, 'organization-' || o.n || '.example', o.id from bench.organizations as o;
insert into domains (id, domain, organization_id)
select o.domain_id, 'organization-' || o.n || '.example', o.id from bench.organizations as o;
insert into organization_members (organization_id, user_id, role)
select o.id, gen_random_uuid(), r.role from bench.organizations as o, unnest(array['owner', 'admin', 'member']) as r (role);
-- step: pages, ten chunks each
insert into scraped_pages (domain_id, url, title, content, status)
select o.domain_id, 'https://organization-' || o.n || '.example/' || i, 'Page ' || i, 'About subject ' || i, 'completed'
from bench.organizations as o
cross join lateral generate_series(1, greatest(1, (o.share * {rows} / 10)::integer)) as i;
-- step: chunks, with their triggers; the vector index is built afterwards
drop index page_embeddings_embedding_hnsw_idx;
insert into page_embeddings (page_id, chunk_text, metadata, embedding)
select p.id, 'Chunk ' || i || ' of ' || p.title || ' about subject ' || (i * 7919) % 1000,
    jsonb_build_object('chunk_index', i, 'total_chunks', 10, 'content_type', 'page'),
    (select array_agg(v.x) from (select random() - 0.5 + i * 0 as x from generate_series(1, {dimensions})) as v)::vector
from scraped_pages as p
cross join generate_series(1, 10) as i;
-- step: the vector index
create index page_embeddings_embedding_hnsw_idx on page_embeddings
    using hnsw (embedding vector_cosine_ops) with (m = 16, ef_construction = 64);
-- step: conversations, ten messages each
insert into conversations (domain_id, session_id, started_at)
select o.domain_id, 'session ' || o.n || ' ' || i, now() - random() * interval '90 days'
from bench.organizations as o
cross join lateral generate_series(1, greatest(1, (o.share * {rows} / 10)::integer)) as i;
-- step: messages
insert into messages (conversation_id, role, content)
select c.id, case when i % 2 = 0 then 'assistant' else 'user' end, 'Message ' || i || ' of a conversation about returns'
from conversations as c
cross join generate_series(1, 10) as i;
-- step: the other policies
create function bench.user_can_see_domain(wanted uuid) returns boolean
language plpgsql stable security definer set search_path = public as $$
begin
    return exists (
        select from domains as d
        join organization_members as m on m.organization_id = d.organization_id
        where d.id = wanted and m.user_id = auth.uid()
    );
end
$$;
create function bench.user_can_see_config(wanted uuid) returns boolean
language plpgsql stable security definer set search_path = public as $$
begin
    return exists (
        select from customer_configs as c
        join organization_members as m on m.organization_id = c.organization_id
        where c.id = wanted and m.user_id = auth.uid()
    );
end
$$;
create procedure bench.use_policies(kind text) language plpgsql as $$
declare
    tables constant text[] := array['page_embeddings', 'messages', 'conversations'];
    policy record;
    t text;
begin
    create table if not exists bench.our_policies as
    select c.relname, p.polname, pg_get_expr(p.polqual, p.polrelid) as condition
    from pg_policy as p join pg_class as c on c.oid = p.polrelid
    where c.relname = any (tables) and p.polcmd = 'r';
    for policy in select p.relname, p.polname, p.condition from bench.our_policies as p loop
        execute format('alter policy %I on %I using (%s)', policy.polname, policy.relname,
            case kind
                when 'ours' then policy.condition
                -- As the specification prints it, on the table that the key points at.
                when 'sample' then case policy.relname
                    when 'page_embeddings' then
                        'domain_id in (select cc.id from domains d join customer_configs cc on cc.organization_id = d.organization_id
                         where cc.organization_id in (select organization_id from organization_members where user_id = auth.uid()))'
                    when 'messages' then
                        'conversation_id in (select c.id from conversations c where c.domain_id in (
                         select d.id from domains d join customer_configs cc on cc.organization_id = d.organization_id
                         where cc.organization_id in (select organization_id from organization_members where user_id = auth.uid())))'
                    else
                        'domain_id in (select d.id from domains d join customer_configs cc on cc.organization_id = d.organization_id
                         where cc.organization_id in (select organization_id from organization_members where user_id = auth.uid()))'
                end
                else case policy.relname
                    when 'page_embeddings' then 'bench.user_can_see_config(domain_id)'
                    else 'bench.user_can_see_domain(domain_id)'
                end
            end);
    end loop;
end
$$;
