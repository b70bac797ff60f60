-- $1 ids: how many rows, and the rows as a json array. Without the token, and without who invited, which is about somebody
-- else.
select count(*), coalesce(jsonb_agg(to_jsonb(i) - array['token', 'invited_by'] order by i.created_at, i.id), '[]')::text
from organization_invitations as i
where i.id = any ($1)
