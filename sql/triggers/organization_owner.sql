-- An organization always keeps an owner.

-- Security definer: lets nobody do anything; it must see the organization and all its members to refuse.
create or replace function frontdesk.keep_an_owner()
returns trigger
language plpgsql
security definer
as $$
begin
    -- An update that changes nothing makes changes of owners wait for each other, and fails under REPEATABLE READ where a
    -- mere lock would let the second decide on an old snapshot. No row: the organization itself is being deleted.
    update organizations set name = name where id = old.organization_id;
    if found and not exists (
        select from organization_members as m where m.organization_id = old.organization_id and m.role = 'owner'
    ) then
        raise exception using
            errcode = '23514',
            message = 'an organization must keep an owner',
            hint = 'Make another member the owner first, or delete the organization.';
    end if;
    return null;
end
$$;

comment on function frontdesk.keep_an_owner() is
    'Trigger: refuses (23514) to remove, demote or move the last owner of an organization that stays.';

create trigger keep_an_owner_on_delete after delete on organization_members
    for each row when (old.role = 'owner')
    execute function frontdesk.keep_an_owner();
create trigger keep_an_owner_on_update after update of role, organization_id on organization_members
    for each row when (old.role = 'owner' and (new.role <> 'owner' or new.organization_id <> old.organization_id))
    execute function frontdesk.keep_an_owner();
