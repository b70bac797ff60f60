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
create or replace function frontdesk.move_embeddings()
returns trigger
language plpgsql
security definer
as $$
begin
    update page_embeddings as e
    set domain_id = (
        select c.id from domains as d join customer_configs as c on c.domain = d.domain where d.id = new.domain_id
    )
    where e.page_id = new.id;
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
create trigger move_embeddings after update of domain_id on scraped_pages
    for each row when (old.domain_id is distinct from new.domain_id)
    execute function frontdesk.move_embeddings();
