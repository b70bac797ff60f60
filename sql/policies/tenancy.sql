-- Who may see and change organizations, their people, their invitations, and their domains.
--
-- Every predicate compares a key with a set that is computed once per statement:
-- `array (select frontdesk.accessible_...())` is an InitPlan, so the comparison is an index
-- condition. Operators (service_role) bypass these policies; anon has no privilege to test.

-- organizations: created only through frontdesk.create_organization, which also makes an owner.

create policy "members see their organizations" on organizations
    for select to authenticated
    using (id = any ((select frontdesk.accessible_organization_id_array())::uuid[]));

create policy "admins change their organizations" on organizations
    for update to authenticated
    using (id = any ((select frontdesk.accessible_organization_id_array('admin'))::uuid[]))
    with check (id = any ((select frontdesk.accessible_organization_id_array('admin'))::uuid[]));

create policy "owners delete their organizations" on organizations
    for delete to authenticated
    using (id = any ((select frontdesk.accessible_organization_id_array('owner'))::uuid[]));

-- organization_members: whoever writes a row must reach the rank that the row holds, before the
-- change (using) and after it (with check). As owner is the only rank above admin, that reads:
-- owners write every row, admins every row that is not an owner's.

create policy "members see their fellow members" on organization_members
    for select to authenticated
    using (organization_id = any ((select frontdesk.accessible_organization_id_array())::uuid[]));

create policy "admins add members up to their own rank" on organization_members
    for insert to authenticated
    with check (
        organization_id = any ((select frontdesk.accessible_organization_id_array('owner'))::uuid[])
        or (
            role <> 'owner'
            and organization_id = any ((select frontdesk.accessible_organization_id_array('admin'))::uuid[])
        )
    );

create policy "admins change members up to their own rank" on organization_members
    for update to authenticated
    using (
        organization_id = any ((select frontdesk.accessible_organization_id_array('owner'))::uuid[])
        or (
            role <> 'owner'
            and organization_id = any ((select frontdesk.accessible_organization_id_array('admin'))::uuid[])
        )
    )
    with check (
        organization_id = any ((select frontdesk.accessible_organization_id_array('owner'))::uuid[])
        or (
            role <> 'owner'
            and organization_id = any ((select frontdesk.accessible_organization_id_array('admin'))::uuid[])
        )
    );

create policy "admins remove members up to their own rank, anyone may leave" on organization_members
    for delete to authenticated
    using (
        user_id = (select frontdesk.current_user_id())
        or organization_id = any ((select frontdesk.accessible_organization_id_array('owner'))::uuid[])
        or (
            role <> 'owner'
            and organization_id = any ((select frontdesk.accessible_organization_id_array('admin'))::uuid[])
        )
    );

-- organization_invitations: the invited are not members yet, they accept through a function.

create policy "admins see their organization's invitations" on organization_invitations
    for select to authenticated
    using (organization_id = any ((select frontdesk.accessible_organization_id_array('admin'))::uuid[]));

create policy "admins invite in their own name" on organization_invitations
    for insert to authenticated
    with check (
        organization_id = any ((select frontdesk.accessible_organization_id_array('admin'))::uuid[])
        and invited_by = (select frontdesk.current_user_id())
    );

create policy "admins withdraw their organization's invitations" on organization_invitations
    for delete to authenticated
    using (organization_id = any ((select frontdesk.accessible_organization_id_array('admin'))::uuid[]));

-- customer_configs and domains: by organization rather than by id, because a set of ids computed
-- before an insert lacks the new row and would refuse `insert ... returning`. A chat server's
-- claims name no organization, only the one domain. Rows without an organization are the operators'.

create policy "members and the chat server see their configuration" on customer_configs
    for select to authenticated, chat_server
    using (
        organization_id = any ((select frontdesk.accessible_organization_id_array())::uuid[])
        or (domain = (select frontdesk.claimed_domain()) and organization_id is not null)
    );

create policy "admins change their organization's configurations" on customer_configs
    for update to authenticated
    using (organization_id = any ((select frontdesk.accessible_organization_id_array('admin'))::uuid[]))
    with check (organization_id = any ((select frontdesk.accessible_organization_id_array('admin'))::uuid[]));

create policy "members and the chat server see their domains" on domains
    for select to authenticated, chat_server
    using (
        organization_id = any ((select frontdesk.accessible_organization_id_array())::uuid[])
        or (domain = (select frontdesk.claimed_domain()) and organization_id is not null)
    );

create policy "admins register domains for their organization" on domains
    for insert to authenticated
    with check (organization_id = any ((select frontdesk.accessible_organization_id_array('admin'))::uuid[]));

create policy "admins change their organization's domains" on domains
    for update to authenticated
    using (organization_id = any ((select frontdesk.accessible_organization_id_array('admin'))::uuid[]))
    with check (organization_id = any ((select frontdesk.accessible_organization_id_array('admin'))::uuid[]));

create policy "admins remove their organization's domains" on domains
    for delete to authenticated
    using (organization_id = any ((select frontdesk.accessible_organization_id_array('admin'))::uuid[]));
