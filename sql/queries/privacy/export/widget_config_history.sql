-- $1 ids: how many rows, and the rows as a json array. Without the settings themselves, which are the organization's.
select count(*), coalesce(jsonb_agg(to_jsonb(h) - 'config_snapshot' order by h.created_at, h.id), '[]')::text
from widget_config_history as h
where h.id = any ($1)
