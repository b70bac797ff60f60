-- Widget configurations: every change leaves a version, one configuration of a customer is active, and the active
-- variants of a configuration share at most all of its traffic.

-- Security definer: lets whoever may change a configuration write its history, which nobody writes directly.
create or replace function frontdesk.record_widget_version()
returns trigger
language plpgsql
security definer
as $$
begin
    insert into widget_config_history (widget_config_id, version, config_snapshot, changed_by)
    values (new.id, new.version, new.config_data, frontdesk.current_user_id());
    return null;
end
$$;

comment on function frontdesk.record_widget_version() is
    'Trigger: keeps each state of a widget configuration, with who made it.';

-- Security definer: lets whoever activates a configuration deactivate the customer's others.
create or replace function frontdesk.deactivate_other_widgets()
returns trigger
language plpgsql
security definer
as $$
declare
    active_id uuid;
    customer uuid;
begin
    -- Of several activated at once the last one wins.
    for active_id, customer in
        select distinct on (a.customer_config_id) a.id, a.customer_config_id
        from (select w.id, w.customer_config_id, w.is_active, row_number() over () as position from written as w) as a
        where a.is_active
        order by a.customer_config_id, a.position desc
    loop
        perform frontdesk.activate_only(active_id, customer);
    end loop;
    return null;
end
$$;

comment on function frontdesk.deactivate_other_widgets() is
    'Trigger: a new active widget configuration deactivates the others of its customer.';

-- Security definer: as deactivate_other_widgets().
create or replace function frontdesk.deactivate_other_widgets_on_update()
returns trigger
language plpgsql
security definer
as $$
declare
    active_id uuid;
    customer uuid;
begin
    for active_id, customer in
        select distinct on (a.customer_config_id) a.id, a.customer_config_id
        from (
            select w.id, w.customer_config_id, row_number() over () as position
            from written as w
            join replaced as o on o.id = w.id
            where w.is_active and (o.is_active is distinct from true or o.customer_config_id <> w.customer_config_id)
        ) as a
        order by a.customer_config_id, a.position desc
    loop
        perform frontdesk.activate_only(active_id, customer);
    end loop;
    return null;
end
$$;

comment on function frontdesk.deactivate_other_widgets_on_update() is
    'Trigger: a widget configuration that becomes active deactivates the others of its customer.';

-- Security definer: writes widget configurations; no role may call it, the triggers do.
create or replace function frontdesk.activate_only(widget uuid, customer uuid)
returns void
language plpgsql
security definer
as $$
begin
    -- An update that changes nothing: two activations wait for each other, the second then sees the first (or fails with
    -- a serialization error under REPEATABLE READ).
    update customer_configs set active = active where id = customer;
    update widget_configs set is_active = false where customer_config_id = customer and id <> widget and is_active;
end
$$;

comment on function frontdesk.activate_only(uuid, uuid) is
    'Deactivates all widget configurations of a customer but one.';

-- Security definer: sums all variants of a configuration.
create or replace function frontdesk.limit_variant_traffic()
returns trigger
language plpgsql
security definer
as $$
declare
    total bigint;
begin
    update widget_configs set version = version where id = new.widget_config_id;
    select sum(v.traffic_percentage) into total
    from widget_config_variants as v
    where v.widget_config_id = new.widget_config_id and v.is_active;
    if total > 100 then
        raise exception using
            errcode = '23514',
            message = format('active variants of a widget configuration take %s percent of its traffic, 100 is all there is', total),
            hint = 'Lower or deactivate another variant first, or change both in one statement.';
    end if;
    return null;
end
$$;

comment on function frontdesk.limit_variant_traffic() is
    'Trigger: refuses (23514) active variants that together take more than 100 percent of a configuration''s traffic.';

create trigger record_version_on_insert after insert on widget_configs
    for each row execute function frontdesk.record_widget_version();
create trigger record_version_on_update after update of version, config_data on widget_configs
    for each row when (old.version <> new.version or old.config_data <> new.config_data)
    execute function frontdesk.record_widget_version();

create trigger deactivate_others_on_insert after insert on widget_configs
    referencing new table as written
    for each statement execute function frontdesk.deactivate_other_widgets();
create trigger deactivate_others_on_update after update on widget_configs
    referencing old table as replaced new table as written
    for each statement execute function frontdesk.deactivate_other_widgets_on_update();

create trigger limit_variant_traffic
    after insert or update of widget_config_id, traffic_percentage, is_active on widget_config_variants
    for each row when (new.is_active and new.traffic_percentage > 0)
    execute function frontdesk.limit_variant_traffic();
