-- $1 ids: times, tokens and costs stay, so totals do. A token of its own per row, because one for all rows of a session
-- would still tell them apart from everybody else's.
update chat_telemetry as t
set session_id = 'anonymized-' || gen_random_uuid(),
    conversation_id = null,
    ip_address = null,
    user_agent = null,
    error = null,
    model_config = null,
    searches = '[]',
    logs = '[]'
where t.id = any ($1)
