-- $1 ids
delete from demo_attempts as a where a.id = any ($1)
