-- $1 ids
delete from organization_invitations as i where i.id = any ($1)
