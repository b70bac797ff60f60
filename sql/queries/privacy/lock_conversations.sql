-- $1 conversations: holds back new messages and telemetry of them (their foreign keys wait) until they are gone.
select c.id from conversations as c where c.id = any ($1) order by c.id for update
