-- The rows that are about one person, of every table: the one selector, of export and erasure alike.
-- $1 conversations, $2 sessions, $3 e-mail addresses in lower case (all from subject.sql), $4 the identifier as a uuid if
-- it is one; $5 domain (domains.id), $6 its configuration (customer_configs.id) or NULL, $7 its name.
select s.table_name, array_agg(s.id)
from (
    select 'conversations' as table_name, c.id
    from conversations as c
    where c.id = any ($1)
    union all
    select 'messages', m.id
    from messages as m
    where m.conversation_id = any ($1)
    union all
    -- What hangs on a conversation goes with it, whatever domain it names.
    select 'chat_telemetry', t.id
    from chat_telemetry as t
    where t.conversation_id = any ($1) or (t.domain = $7 and t.session_id = any ($2))
    union all
    select 'training_data', t.id
    from training_data as t
    where t.domain = $7 and t.user_id = $4
    union all
    select 'demo_attempts', a.id
    from demo_attempts as a
    where a.domain = $7 and lower(a.email) = any ($3)
    union all
    select 'organization_invitations', i.id
    from organization_invitations as i
    join domains as d on d.organization_id = i.organization_id
    where d.id = $5 and lower(i.email) = any ($3)
    union all
    select 'widget_config_history', h.id
    from widget_config_history as h
    where h.customer_config_id = $6 and h.changed_by = $4
) as s
group by s.table_name
