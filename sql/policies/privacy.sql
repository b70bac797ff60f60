-- Who may see the privacy audit trail and the demo requests.

create policy "admins read their organization's audit trail" on gdpr_audit_log
    for select to authenticated
    using (organization_id = any ((select frontdesk.accessible_organization_id_array('admin'))::uuid[]));

create policy "operators keep the demo requests" on demo_attempts
    for all to service_role
    using (true)
    with check (true);
