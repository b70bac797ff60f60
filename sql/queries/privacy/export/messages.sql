-- $1 ids: how many rows, and the rows as a json array.
select count(*), coalesce(jsonb_agg(to_jsonb(m) order by m.conversation_id, m.ordinal), '[]')::text
from messages as m
where m.id = any ($1)
