-- $1 ids: how many rows, and the rows as a json array.
select count(*), coalesce(jsonb_agg(to_jsonb(c) order by c.started_at, c.id), '[]')::text
from conversations as c
where c.id = any ($1)
