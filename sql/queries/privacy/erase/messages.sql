-- $1 ids
delete from messages as m where m.id = any ($1)
