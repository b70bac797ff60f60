-- $1 ids
delete from chat_telemetry as t where t.id = any ($1)
