-- $1 at most so many. Invitations that nobody accepted, 30 days after they expired.
delete from organization_invitations as i
where i.id = any (array(
    select x.id
    from organization_invitations as x
    where x.accepted_at is null and x.expires_at < now() - interval '30 days'
    limit $1
    for update skip locked
))
