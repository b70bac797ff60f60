-- $1 ids: how many rows, and the rows as a json array.
select count(*), coalesce(jsonb_agg(to_jsonb(t) order by t.created_at, t.id), '[]')::text
from training_data as t
where t.id = any ($1)
