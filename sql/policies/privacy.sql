-- Who may see the privacy audit trail and the demo requests.

create policy "admins read their organization's audit trail" on gdpr_audit_log
    for select to authenticated
    using (organization_id = any (array (select frontdesk.accessible_organization_ids('admin'))));

create policy "operators keep the demo requests" on demo_attempts
    for all to service_role
    using (true)
    with check (true);
