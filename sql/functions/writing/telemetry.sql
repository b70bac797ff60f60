-- Limits on spending that an organization sets itself.

-- Definer: adds no rights to those of the policies on chat_cost_alerts, but one answer for unknown and foreign domains.
create or replace function frontdesk.set_cost_alert(domain text, alert_type text, threshold_usd numeric)
returns uuid
language plpgsql volatile security definer
as $$
declare
    domain_name text;
    alert uuid;
begin
    perform frontdesk.require_value('alert_type', alert_type);
    perform frontdesk.require_value('threshold_usd', threshold_usd);
    select d.name into domain_name from frontdesk.require_domain(domain, 'admin') as d;
    if alert_type <> all (array['hourly', 'daily', 'monthly', 'per_request']) then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = 'alert_type must be hourly, daily, monthly or per_request',
            hint = 'Give one of these four words.';
    elsif threshold_usd < 0 or threshold_usd >= 'infinity' then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = format('threshold_usd must be a finite amount of 0 or more, got %s', threshold_usd),
            hint = 'Delete the row of chat_cost_alerts to have no alert.';
    end if;
    insert into chat_cost_alerts (domain, alert_type, threshold_usd)
    values (domain_name, set_cost_alert.alert_type, set_cost_alert.threshold_usd)
    on conflict on constraint chat_cost_alerts_domain_alert_type_key do update
    set threshold_usd = excluded.threshold_usd
    returning id into alert;
    return alert;
end
$$;

comment on function frontdesk.set_cost_alert is
    'Sets the US dollars above which an hour, a day, a month or one request of a domain is reported by check_cost_alerts, and '
    'returns the id of the alert. For admins, owners and operators. Raises 22023 for another type or an amount below 0 or '
    'not finite, 42501 when the role is too low, P0002 when the domain is unknown or somebody else''s, 22004 for NULL.';
