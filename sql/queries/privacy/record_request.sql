-- Writes the audit entry of a request. $1 name of the domain, $2 request type, $3 identifier, $4 what was done, $5 details
-- as json. Returns the id of the request, of the entry, the time, and the salt.
--
-- The entry holds a salted digest in the identifier's place. The salt is given to whoever asked and kept nowhere, so the
-- entry can be matched with an identifier by them alone, and not by trying likely ones.
with request as materialized (
    select gen_random_uuid() as id,
        substring(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) for 16) as salt
),
entry as (
    insert into gdpr_audit_log (domain, request_type, user_identifier, action_taken, metadata)
    select $1, $2, 'sha256:' || encode(sha256(r.salt || convert_to($3, 'UTF8')), 'hex'), $4,
        jsonb_build_object('request_id', r.id) || $5::jsonb
    from request as r
    returning id, created_at
)
select r.id, e.id, to_jsonb(e.created_at) #>> '{}', encode(r.salt, 'hex')
from request as r, entry as e
