-- $1 ids
delete from conversations as c where c.id = any ($1)
