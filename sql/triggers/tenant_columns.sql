-- Tables below a tenant's rows carry the tenant's key themselves, because policies read it. It is always the parent's,
-- whatever the writer gives.
--
-- The parent's row is read with the lock that its foreign key takes anyway. When a parent changes its tenant it waits for
-- that lock, so that no child is written with the old tenant meanwhile.

-- Security definer: lets the writer of a message file it under its conversation's domain.
create or replace function frontdesk.fill_message_tenant()
returns trigger
language plpgsql
security definer
as $$
begin
    select c.domain_id into new.domain_id from conversations as c where c.id = new.conversation_id for key share;
    return new;
end
$$;

comment on function frontdesk.fill_message_tenant() is
    'Trigger: messages.domain_id is the conversation''s.';

-- Security definer: lets the writer of a job or product file it under its page's domain.
create or replace function frontdesk.fill_page_tenant()
returns trigger
language plpgsql
security definer
as $$
begin
    select p.domain_id into new.domain_id from scraped_pages as p where p.id = new.page_id for key share;
    return new;
end
$$;

comment on function frontdesk.fill_page_tenant() is
    'Trigger: domain_id of jobs and products is their page''s.';

-- Security definer: lets the writer of a variant file it under its widget's customer.
create or replace function frontdesk.fill_widget_tenant()
returns trigger
language plpgsql
security definer
as $$
begin
    select w.customer_config_id into new.customer_config_id
    from widget_configs as w where w.id = new.widget_config_id for key share;
    return new;
end
$$;

comment on function frontdesk.fill_widget_tenant() is
    'Trigger: customer_config_id of variants and history is their widget configuration''s.';

-- Security definer: locks the row that the caller is updating, against writers of its children.
create or replace function frontdesk.wait_for_children()
returns trigger
language plpgsql
security definer
as $$
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception using
            errcode = '55000',
            message = format('a row of %I changes its tenant only in a READ COMMITTED transaction', tg_table_name),
            hint = 'On an older snapshot, children written meanwhile would be left behind.';
    end if;
    execute format('select from %s where id = $1 for update', tg_relid::regclass) using old.id;
    return new;
end
$$;

comment on function frontdesk.wait_for_children() is
    'Trigger: a row that changes its tenant waits for those who are writing its children; refuses (55000) where their rows would stay invisible.';

-- Security definer: lets whoever moves a parent move its children, in this and the next two functions.
create or replace function frontdesk.move_messages()
returns trigger
language plpgsql
security definer
as $$
begin
    update messages set domain_id = new.domain_id where conversation_id = new.id;
    return null;
end
$$;

comment on function frontdesk.move_messages() is
    'Trigger: messages follow their conversation to another domain.';

create or replace function frontdesk.move_page_children()
returns trigger
language plpgsql
security definer
as $$
begin
    update embedding_queue set domain_id = new.domain_id where page_id = new.id;
    update entity_extraction_queue set domain_id = new.domain_id where page_id = new.id;
    update product_catalog set domain_id = new.domain_id where page_id = new.id;
    update entity_catalog set domain_id = new.domain_id where page_id = new.id and domain_id = old.domain_id;
    return null;
end
$$;

comment on function frontdesk.move_page_children() is
    'Trigger: jobs, products and entities follow their page to another domain.';

create or replace function frontdesk.move_widget_children()
returns trigger
language plpgsql
security definer
as $$
begin
    update widget_config_variants set customer_config_id = new.customer_config_id where widget_config_id = new.id;
    update widget_config_history set customer_config_id = new.customer_config_id where widget_config_id = new.id;
    return null;
end
$$;

comment on function frontdesk.move_widget_children() is
    'Trigger: variants and history follow their widget configuration to another customer.';

create trigger fill_tenant before insert or update of conversation_id, domain_id on messages
    for each row execute function frontdesk.fill_message_tenant();
create trigger fill_tenant before insert or update of page_id, domain_id on embedding_queue
    for each row execute function frontdesk.fill_page_tenant();
create trigger fill_tenant before insert or update of page_id, domain_id on entity_extraction_queue
    for each row execute function frontdesk.fill_page_tenant();
create trigger fill_tenant before insert or update of page_id, domain_id on product_catalog
    for each row execute function frontdesk.fill_page_tenant();
create trigger fill_tenant before insert or update of widget_config_id, customer_config_id on widget_config_variants
    for each row execute function frontdesk.fill_widget_tenant();
create trigger fill_tenant before insert or update of widget_config_id, customer_config_id on widget_config_history
    for each row execute function frontdesk.fill_widget_tenant();

create trigger move_children_wait before update of domain_id on conversations
    for each row when (old.domain_id is distinct from new.domain_id)
    execute function frontdesk.wait_for_children();
create trigger move_children_wait before update of domain_id on scraped_pages
    for each row when (old.domain_id is distinct from new.domain_id)
    execute function frontdesk.wait_for_children();
create trigger move_children_wait before update of customer_config_id on widget_configs
    for each row when (old.customer_config_id is distinct from new.customer_config_id)
    execute function frontdesk.wait_for_children();

create trigger move_children after update of domain_id on conversations
    for each row when (old.domain_id is distinct from new.domain_id)
    execute function frontdesk.move_messages();
create trigger move_children after update of domain_id on scraped_pages
    for each row when (old.domain_id is distinct from new.domain_id)
    execute function frontdesk.move_page_children();
create trigger move_children after update of customer_config_id on widget_configs
    for each row when (old.customer_config_id is distinct from new.customer_config_id)
    execute function frontdesk.move_widget_children();
