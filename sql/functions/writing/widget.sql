-- The chat widget of a domain: its settings, of which every state is kept, and variants of them for comparison.

-- Definer: widgets are written through these functions only; a member changes those of their own domains.
create or replace function frontdesk.save_widget_config(
    domain text, config_data jsonb, version text default null, reason text default null
)
returns table (widget_config_id uuid, config_version text)
language plpgsql volatile security definer rows 1
as $$
declare
    config uuid;
    present record;
begin
    perform frontdesk.require_object('config_data', config_data);
    config := frontdesk.require_config(domain, 'member');
    config_version := frontdesk.checked_widget_version(version);

    -- An update that changes nothing: who saves at the same moment waits, and counts on from here.
    update customer_configs as c set active = c.active where c.id = config;
    select w.id, w.config_data, w.version into present
    from widget_configs as w
    where w.customer_config_id = config and w.is_active
    order by w.updated_at desc
    limit 1;
    widget_config_id := present.id;
    if config_version is null and present.config_data = save_widget_config.config_data then
        config_version := present.version;
        return next;
        return;
    end if;

    config_version := coalesce(config_version, frontdesk.next_widget_version(config));
    if exists (
        select from widget_config_history as h
        where h.customer_config_id = config and h.version = config_version
            and h.config_snapshot <> save_widget_config.config_data
    ) then
        raise exception using
            errcode = 'unique_violation',
            message = format('version "%s" stands for other settings already', config_version),
            hint = 'Leave the version out to get the next number.';
    end if;
    if widget_config_id is null then
        insert into widget_configs (customer_config_id, version, config_data)
        values (config, config_version, save_widget_config.config_data)
        returning id into widget_config_id;
    else
        update widget_configs as w
        set version = config_version, config_data = save_widget_config.config_data
        where w.id = widget_config_id;
    end if;
    update widget_config_history as h
    set change_reason = reason
    where h.widget_config_id = save_widget_config.widget_config_id and h.version = config_version
        and h.created_at = now() and h.change_reason is null and reason is not null;
    return next;
end
$$;

comment on function frontdesk.save_widget_config is
    'Sets the settings of a domain''s widget, a JSON object; variants stay attached. Without a version they get the next '
    'number, and the same settings again change nothing. Each state is kept in widget_config_history, with who set it and '
    'the reason. For members, admins, owners and operators. Raises 22023 when the settings are no object or the version is '
    'blank or above 100 characters, 23505 when the version stands for other settings, 42501 when the role is too low, '
    'P0002 when the domain is unknown or somebody else''s, 54000 above 1 MB, 55000 when the domain has no configuration, '
    '22004 for NULL.';

create or replace function frontdesk.checked_widget_version(version text)
returns text
language plpgsql immutable
as $$
begin
    if btrim(version) = '' or length(version) > 100 then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = 'a version has 1 to 100 characters',
            hint = 'Leave the version out to get the next number.';
    end if;
    return btrim(version);
end
$$;

comment on function frontdesk.checked_widget_version is
    'A version without white space around it; NULL stays NULL. Raises 22023 when it is blank or above 100 characters.';

-- Definer: reads the versions of any widget; no role may call it.
create or replace function frontdesk.next_widget_version(config uuid)
returns text
language plpgsql stable security definer
as $$
begin
    return (
        -- Versions that are no numbers do not count.
        select 1 + coalesce(max(case when v.version ~ '^[0-9]{1,15}$' then v.version::bigint end), 0)
        from (
            select w.version from widget_configs as w where w.customer_config_id = config
            union all
            select h.version from widget_config_history as h where h.customer_config_id = config
        ) as v
    )::text;
end
$$;

comment on function frontdesk.next_widget_version is
    'One more than the highest number that a version of a customer''s widgets ever was.';

-- Definer: as save_widget_config.
create or replace function frontdesk.save_widget_variant(
    domain text, variant_name text, variant_config jsonb, traffic_percentage integer default 0, is_active boolean default true
)
returns uuid
language plpgsql volatile security definer
as $$
declare
    config uuid;
    widget uuid;
    variant uuid;
begin
    perform frontdesk.require_text('variant_name', variant_name);
    perform frontdesk.require_object('variant_config', variant_config);
    perform frontdesk.require_value('traffic_percentage', traffic_percentage);
    perform frontdesk.require_value('is_active', is_active);
    config := frontdesk.require_config(domain, 'member');
    if traffic_percentage not between 0 and 100 then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = format('traffic_percentage must be between 0 and 100, got %s', traffic_percentage),
            hint = 'Give the share of sessions that see the variant.';
    end if;

    update customer_configs as c set active = c.active where c.id = config;
    select w.id into widget
    from widget_configs as w
    where w.customer_config_id = config and w.is_active
    order by w.updated_at desc
    limit 1;
    if widget is null then
        raise exception using
            errcode = 'object_not_in_prerequisite_state',
            message = 'the domain has no widget configuration to vary',
            hint = 'First call frontdesk.save_widget_config(domain, config_data).';
    end if;
    update widget_config_variants as v
    set variant_config = save_widget_variant.variant_config, traffic_percentage = save_widget_variant.traffic_percentage,
        is_active = save_widget_variant.is_active
    where v.widget_config_id = widget and v.variant_name = btrim(save_widget_variant.variant_name)
    returning v.id into variant;
    if variant is null then
        insert into widget_config_variants (widget_config_id, variant_name, variant_config, traffic_percentage, is_active)
        values (
            widget, btrim(save_widget_variant.variant_name), save_widget_variant.variant_config,
            save_widget_variant.traffic_percentage, save_widget_variant.is_active
        )
        returning id into variant;
    end if;
    return variant;
end
$$;

comment on function frontdesk.save_widget_variant is
    'Sets a variant of a domain''s widget by its name, with the percentage of sessions that see it, and returns its id; '
    'is_active => false puts it aside. For members, admins, owners and operators. Raises 22023 for a blank name, a variant '
    'that is no object or a percentage outside 0 to 100, 23514 when active variants would take more than all traffic, '
    '42501 when the role is too low, P0002 when the domain is unknown or somebody else''s, 54000 above 1 MB, 55000 when the '
    'domain has no widget configuration, 22004 for NULL.';
