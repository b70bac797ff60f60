-- $1 ids: how many rows, and the rows as a json array.
select count(*), coalesce(jsonb_agg(to_jsonb(a) order by a.created_at, a.id), '[]')::text
from demo_attempts as a
where a.id = any ($1)
