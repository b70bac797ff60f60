-- $1 ids
delete from training_data as t where t.id = any ($1)
