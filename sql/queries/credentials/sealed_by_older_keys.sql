-- $1 id of the current key, $2 at most this many: what other keys sealed. The rows are locked until they are sealed again.
select c.id, s.kind, s.sealed
from customer_configs as c
cross join lateral jsonb_each(c.encrypted_credentials) as s (kind, sealed)
where jsonb_typeof(c.encrypted_credentials) = 'object' and s.sealed ->> 'key' <> $1
order by c.id, s.kind
limit $2
for update of c
