-- Who may see costs and performance. These tables know their tenant by the domain's name, which
-- belongs to one organization; rows without a domain are platform totals, for operators only.

create policy "members read their domains' telemetry" on chat_telemetry
    for select to authenticated
    using (domain = any ((select frontdesk.accessible_domain_name_array())::text[]));

-- The conversation must be one of the same domain: a foreign key alone would tell whether a
-- foreign conversation exists.
create policy "members record their domains' telemetry" on chat_telemetry
    for insert to authenticated
    with check (
        domain = any ((select frontdesk.accessible_domain_name_array('member'))::text[])
        and (
            conversation_id is null
            or exists (
                select from conversations as c
                join domains as d on d.id = c.domain_id
                where c.id = chat_telemetry.conversation_id and d.domain = chat_telemetry.domain
            )
        )
    );

create policy "admins delete their domains' telemetry" on chat_telemetry
    for delete to authenticated
    using (domain = any ((select frontdesk.accessible_domain_name_array('admin'))::text[]));

create policy "operators keep the platform's totals" on chat_telemetry_rollups
    for all to service_role
    using (true)
    with check (true);

create policy "members read their domains' totals" on chat_telemetry_domain_rollups
    for select to authenticated
    using (domain = any ((select frontdesk.accessible_domain_name_array())::text[]));

create policy "members read their domains' totals by model" on chat_telemetry_model_rollups
    for select to authenticated
    using (domain = any ((select frontdesk.accessible_domain_name_array())::text[]));

create policy "members read their domains' cost alerts" on chat_cost_alerts
    for select to authenticated
    using (domain = any ((select frontdesk.accessible_domain_name_array())::text[]));

-- Overlaps the policy above for select: two policies serve four commands here.
create policy "admins manage their domains' cost alerts" on chat_cost_alerts
    for all to authenticated
    using (domain = any ((select frontdesk.accessible_domain_name_array('admin'))::text[]))
    with check (domain = any ((select frontdesk.accessible_domain_name_array('admin'))::text[]));
