select exists (select from pg_trigger where tgname = $1 and tgrelid = to_regclass($2))
