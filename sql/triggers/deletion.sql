-- The one place that every deletion of a page, conversation, domain, customer configuration or organization passes.

-- Security definer: lets whoever may delete the row also remove what hangs on it without a foreign key.
create or replace function frontdesk.after_deletion()
returns trigger
language plpgsql
security definer
as $$
begin
    if not exists (select from deleted) then
        return null;
    end if;

    if tg_argv[0] = 'domain' then
        delete from entity_catalog as e using deleted as d where e.domain_id = d.id;
        delete from search_cache as s using deleted as d where s.domain_id = d.id;
        -- Answers are cached under the configuration of the same name, which may stay.
        delete from query_cache as q
        using customer_configs as c, deleted as d
        where c.domain = d.domain and q.domain_id = c.id;
    end if;
    return null;
end
$$;

comment on function frontdesk.after_deletion() is
    'Trigger: every deletion of pages, conversations, domains, customer configurations and organizations passes here, direct or by cascade (the argument names the kind, transition table "deleted" has the rows). Removes what no foreign key reaches. Legal holds are to be checked here: raising undoes the whole deletion.';

-- Without this, deleting an organization would first detach each embedding from its configuration (which writes every
-- index of a vector anew) and then delete it.
-- Security definer: lets whoever may delete an organization delete its domains.
create or replace function frontdesk.delete_domains_first()
returns trigger
language plpgsql
security definer
as $$
begin
    delete from domains where organization_id = old.id;
    return old;
end
$$;

comment on function frontdesk.delete_domains_first() is
    'Trigger: an organization''s domains, with pages and embeddings, go before its customer configurations.';

create trigger delete_domains_first before delete on organizations
    for each row execute function frontdesk.delete_domains_first();

create trigger after_deletion after delete on scraped_pages
    referencing old table as deleted
    for each statement execute function frontdesk.after_deletion('page');
create trigger after_deletion after delete on conversations
    referencing old table as deleted
    for each statement execute function frontdesk.after_deletion('conversation');
create trigger after_deletion after delete on domains
    referencing old table as deleted
    for each statement execute function frontdesk.after_deletion('domain');
create trigger after_deletion after delete on customer_configs
    referencing old table as deleted
    for each statement execute function frontdesk.after_deletion('configuration');
create trigger after_deletion after delete on organizations
    referencing old table as deleted
    for each statement execute function frontdesk.after_deletion('organization');
