-- The end of a domain and of an organization: nothing stays but the audit log.
--
-- Rows go from the leaves to the root, table by table, so that they can be counted, and so that a tenant of any size can go
-- a bounded number of rows at a time. What a direct delete leaves to foreign keys and triggers comes to the same.

-- Definer: deletes any tenant's rows; no role may call it.
create or replace function frontdesk.delete_tenant_rows(
    domain_ids uuid[], config_ids uuid[], names text[], max_rows bigint, out counts jsonb, out is_complete boolean
)
language plpgsql volatile security definer
as $$
declare
    step record;
    deleted bigint;
begin
    counts := '{}';
    is_complete := true;
    for step in
        select s.table_name, s.condition
        from (values
            -- Caches first: as long as they hold something, every deletion below looks for what it makes invalid.
            (1, 'query_cache', 'domain_id = any ($2)'),
            (2, 'search_cache', 'domain_id = any ($1)'),
            (3, 'messages', 'domain_id = any ($1)'),
            (4, 'chat_telemetry', 'domain = any ($3)'),
            -- What hangs on a conversation goes with it, whatever domain it names.
            (5, 'chat_telemetry', 'conversation_id in (select c.id from conversations as c where c.domain_id = any ($1))'),
            (6, 'conversations', 'domain_id = any ($1)'),
            (7, 'page_embeddings', 'domain_id = any ($2)'),
            -- Embeddings that wait for a configuration.
            (8, 'page_embeddings', 'page_id in (select p.id from scraped_pages as p where p.domain_id = any ($1))'),
            (9, 'embedding_queue', 'domain_id = any ($1)'),
            (10, 'entity_extraction_queue', 'domain_id = any ($1)'),
            (11, 'entity_catalog', 'domain_id = any ($1)'),
            (12, 'product_catalog', 'domain_id = any ($1)'),
            (13, 'structured_extractions', 'domain_id = any ($1)'),
            (14, 'website_content', 'domain_id = any ($1)'),
            (15, 'scraped_pages', 'domain_id = any ($1)'),
            (16, 'scrape_jobs', 'domain_id = any ($1) or customer_config_id = any ($2) or domain = any ($3)'),
            (17, 'widget_config_history', 'customer_config_id = any ($2)'),
            (18, 'widget_config_variants', 'customer_config_id = any ($2)'),
            (19, 'widget_configs', 'customer_config_id = any ($2)'),
            (20, 'domain_synonym_mappings', 'domain_id = any ($2)'),
            (21, 'business_classifications', 'domain_id = any ($2)'),
            (22, 'training_data', 'domain = any ($3)'),
            (23, 'chat_cost_alerts', 'domain = any ($3)'),
            (24, 'chat_telemetry_domain_rollups', 'domain = any ($3)'),
            (25, 'chat_telemetry_model_rollups', 'domain = any ($3)')
        ) as s (place, table_name, condition)
        order by s.place
    loop
        if max_rows is null then
            execute format('delete from %I where %s', step.table_name, step.condition)
            using domain_ids, config_ids, names;
        else
            execute format(
                'delete from %1$I where ctid = any (array (select ctid from %1$I where %2$s limit %3$s))',
                step.table_name, step.condition, max_rows)
            using domain_ids, config_ids, names;
        end if;
        get diagnostics deleted = row_count;
        if deleted > 0 then
            counts := frontdesk.added_counts(counts, jsonb_build_object(step.table_name, deleted));
        end if;
        max_rows := max_rows - deleted;
        if max_rows = 0 then
            is_complete := false;
            return;
        end if;
    end loop;
end
$$;

comment on function frontdesk.delete_tenant_rows is
    'Deletes what hangs on domains (by id and by name) and customer configurations, at most max_rows of it (NULL: all). '
    'Returns how many rows of each table, and whether that was all.';

create or replace function frontdesk.added_counts(counts jsonb, more jsonb)
returns jsonb
language sql immutable
as $$
    select coalesce(jsonb_object_agg(s.key, s.total), '{}')
    from (
        select c.key, sum(c.value::bigint)::bigint as total
        from (select * from jsonb_each_text(counts) union all select * from jsonb_each_text(more)) as c
        group by c.key
    ) as s
$$;

comment on function frontdesk.added_counts is
    'The sums of two objects that hold a number for each table.';

-- Definer: writes the audit log, which nobody writes directly; no role may call it.
create or replace function frontdesk.record_tenant_deletion(domain text, action_taken text, organization_id uuid, counts jsonb)
returns void
language sql volatile security definer
as $$
    insert into gdpr_audit_log (domain, request_type, user_identifier, action_taken, metadata, organization_id)
    values (
        record_tenant_deletion.domain, 'tenant_deletion', 'everybody', record_tenant_deletion.action_taken,
        jsonb_build_object('counts', record_tenant_deletion.counts), record_tenant_deletion.organization_id
    )
$$;

comment on function frontdesk.record_tenant_deletion is
    'Writes an audit entry about everybody whom a domain knew.';

-- Definer: deletes rows of tables that only functions write.
create or replace function frontdesk.remove_domain(domain text)
returns table (table_name text, rows_deleted bigint)
language plpgsql volatile security definer rows 30
as $$
declare
    target record;
    names text[];
    counts jsonb;
    configs bigint;
begin
    select * into target from frontdesk.require_domain(domain, 'admin');
    perform frontdesk.lock_domain(target.domain_id, target.name, '{}', 'admin');
    select d.aliases || d.domain into names from domains as d where d.id = target.domain_id;

    select d.counts into counts
    from frontdesk.delete_tenant_rows(array[target.domain_id], array[target.config_id], names, null) as d;
    perform frontdesk.record_tenant_deletion(target.name, 'domain removed', target.organization_id, counts);
    delete from domains as d where d.id = target.domain_id;
    delete from customer_configs as c where c.id = target.config_id;
    get diagnostics configs = row_count;
    return query
        select c.key, c.value::bigint
        from jsonb_each_text(counts || jsonb_build_object('domains', 1, 'customer_configs', configs)) as c
        order by c.key;
end
$$;

comment on function frontdesk.remove_domain is
    'Removes a domain with everything that carries its id, name or aliases, which are free afterwards; returns how many '
    'rows of each table. An audit entry stays. For admins, owners and operators. Raises 42501 when the role is too low, '
    'P0002 when the domain is unknown or somebody else''s, 22004 for NULL.';

-- Definer: deletes rows of tables that only functions write.
create or replace function frontdesk.delete_organization(organization_id uuid, max_rows bigint default null)
returns table (table_name text, rows_deleted bigint, done boolean)
language plpgsql volatile security definer rows 30
as $$
declare
    organization constant uuid := organization_id;
    deletion record;
    counts jsonb;
begin
    perform frontdesk.require_role(organization, 'owner');
    if max_rows < 1 then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = format('max_rows must be at least 1, got %s', max_rows),
            hint = 'Leave it out to delete everything at once.';
    end if;
    -- Nobody gives the organization another domain meanwhile. Who has deleted it while this waited is not waited for again.
    perform from organizations as o where o.id = organization for update;
    perform frontdesk.require_role(organization, 'owner');
    -- Whoever finishes a crawl has its domain before its pages; so has this.
    perform from domains as d where d.organization_id = organization order by d.id for update;

    counts := frontdesk.close_organization(organization);
    select d.* into deletion
    from frontdesk.delete_tenant_rows(
        array (select d.id from domains as d where d.organization_id = organization),
        array (select c.id from customer_configs as c where c.organization_id = organization),
        array (select n.name from frontdesk.names_of_organization(organization) as n),
        max_rows
    ) as d;
    counts := frontdesk.added_counts(counts, deletion.counts);
    if deletion.is_complete then
        counts := frontdesk.added_counts(counts, frontdesk.delete_empty_organization(organization));
    end if;
    return query
        select c.key, c.value::bigint, deletion.is_complete
        from jsonb_each_text(jsonb_build_object('organizations', 0) || counts) as c
        where c.key = 'organizations' or c.value <> '0'
        order by c.key;
end
$$;

comment on function frontdesk.delete_organization is
    'Deletes an organization and everything of its: members, domains and all that hangs on their ids and names. With '
    'max_rows at most about so many rows a call, to be called until done; from the first call on its domains are switched '
    'off and only its owners are left. Returns how many rows of each table this call has deleted; audit entries stay, one '
    'for each domain is added. For owners and operators. Raises 22023 for max_rows below 1, 42501 when the role is too low, '
    'P0002 when the organization is unknown or somebody else''s, 22004 for a NULL organization.';

-- Definer: as delete_organization; no role may call it.
create or replace function frontdesk.names_of_organization(organization_id uuid)
returns table (name text, is_alias boolean)
language sql stable security definer
as $$
    select d.domain, false from domains as d where d.organization_id = names_of_organization.organization_id
    union
    select c.domain, false from customer_configs as c where c.organization_id = names_of_organization.organization_id
    union
    select unnest(d.aliases), true from domains as d where d.organization_id = names_of_organization.organization_id
$$;

comment on function frontdesk.names_of_organization is
    'The names and aliases of an organization''s domains.';

-- Definer: as delete_organization; no role may call it.
create or replace function frontdesk.close_organization(organization_id uuid)
returns jsonb
language plpgsql volatile security definer
as $$
declare
    organization constant uuid := organization_id;
    invitations bigint;
    members bigint;
begin
    delete from organization_invitations as i where i.organization_id = organization;
    get diagnostics invitations = row_count;
    delete from organization_members as m where m.organization_id = organization and m.role <> 'owner';
    get diagnostics members = row_count;
    update domains as d set active = false where d.organization_id = organization and d.active is distinct from false;
    update customer_configs as c set active = false
    where c.organization_id = organization and c.active is distinct from false;
    return jsonb_build_object('organization_invitations', invitations, 'organization_members', members);
end
$$;

comment on function frontdesk.close_organization is
    'Switches an organization''s domains off and removes its members but the owners; returns how many rows of each table.';

-- Definer: as delete_organization; no role may call it.
create or replace function frontdesk.delete_empty_organization(organization_id uuid)
returns jsonb
language plpgsql volatile security definer
as $$
declare
    organization constant uuid := organization_id;
    counts jsonb;
begin
    perform frontdesk.record_tenant_deletion(n.name, 'organization deleted', organization, '{}')
    from frontdesk.names_of_organization(organization) as n
    where not n.is_alias;
    if not found then
        perform frontdesk.record_tenant_deletion('', 'organization deleted', organization, '{}');
    end if;
    select jsonb_build_object(
        'domains', (select count(*) from domains as d where d.organization_id = organization),
        'customer_configs', (select count(*) from customer_configs as c where c.organization_id = organization),
        'organization_members', (select count(*) from organization_members as m where m.organization_id = organization),
        'organizations', 1
    )
    into counts;
    delete from organizations as o where o.id = organization;
    return counts;
end
$$;

comment on function frontdesk.delete_empty_organization is
    'Deletes an organization whose domains have nothing below them, and writes that into the audit log; returns how many rows of each table.';
