-- Embeddings belong to the customer configuration that has the name of their page's domain. They outlive it: without a
-- configuration they wait with domain_id NULL, and are attached again when one of that name is created.

-- Security definer: lets whoever may delete a configuration detach the embeddings from it.
create or replace function frontdesk.detach_embeddings()
returns trigger
language plpgsql
security definer
as $$
begin
    update page_embeddings set domain_id = null where domain_id = old.id;
    return old;
end
$$;

comment on function frontdesk.detach_embeddings() is
    'Trigger: embeddings persist when their customer configuration is deleted; their domain_id becomes NULL.';

-- Security definer: reads the name of the domain on the other side and writes the tenant of its embeddings; the names
-- are guarded by the registry of domain names.
create or replace function frontdesk.attach_embeddings()
returns trigger
language plpgsql
security definer
as $$
begin
    update page_embeddings as e
    set domain_id = c.id
    from customer_configs as c, domains as d, scraped_pages as p
    where c.domain = new.domain and d.domain = new.domain and p.domain_id = d.id and e.page_id = p.id
        and e.domain_id is distinct from c.id;
    return null;
end
$$;

comment on function frontdesk.attach_embeddings() is
    'Trigger: the embeddings of a domain''s pages are attached to the customer configuration that now has the domain''s name.';

-- Security definer: as above.
create or replace function frontdesk.leave_behind_embeddings()
returns trigger
language plpgsql
security definer
as $$
begin
    if tg_table_name = 'domains' then
        update page_embeddings as e
        set domain_id = null
        from domains as d, scraped_pages as p, customer_configs as c
        where d.id = new.id and p.domain_id = d.id and e.page_id = p.id and c.id = e.domain_id and c.domain <> d.domain;
    else
        update page_embeddings as e
        set domain_id = null
        from customer_configs as c, scraped_pages as p, domains as d
        where c.id = new.id and e.domain_id = c.id and p.id = e.page_id and d.id = p.domain_id and d.domain <> c.domain;
    end if;
    return null;
end
$$;

comment on function frontdesk.leave_behind_embeddings() is
    'Trigger: embeddings leave a customer configuration that no longer has the name of their page''s domain.';

-- The vector is made anew because the other domain may have another language; that also looks up the configuration.
-- Security definer: as above.
create or replace function frontdesk.move_embeddings()
returns trigger
language plpgsql
security definer
as $$
begin
    update page_embeddings set search_vector = null where page_id = new.id;
    return null;
end
$$;

comment on function frontdesk.move_embeddings() is
    'Trigger: the embeddings of a page that moves to another domain go to that domain''s configuration, or wait for one.';

create trigger detach_embeddings before delete on customer_configs
    for each row execute function frontdesk.detach_embeddings();
create trigger attach_embeddings after insert or update of domain on customer_configs
    for each row execute function frontdesk.attach_embeddings();
create trigger attach_embeddings after update of domain on domains
    for each row execute function frontdesk.attach_embeddings();
-- At the end of the transaction: a domain and its configuration are renamed one after the other, and writing an embedding
-- writes every index of its vector anew.
create constraint trigger leave_behind_embeddings after update of domain on customer_configs
    deferrable initially deferred
    for each row when (old.domain <> new.domain)
    execute function frontdesk.leave_behind_embeddings();
create constraint trigger leave_behind_embeddings after update of domain on domains
    deferrable initially deferred
    for each row when (old.domain <> new.domain)
    execute function frontdesk.leave_behind_embeddings();
create trigger move_embeddings after update of domain_id on scraped_pages
    for each row when (old.domain_id is distinct from new.domain_id)
    execute function frontdesk.move_embeddings();
