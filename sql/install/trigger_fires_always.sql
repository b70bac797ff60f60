-- Whether there is nothing to change: a trigger that was just created fires for changes of this server only; one that
-- somebody has switched off stays so.
select not exists (select from pg_trigger where tgname = $1 and tgrelid = to_regclass($2) and tgenabled = 'O')
