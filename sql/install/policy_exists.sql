select exists (select from pg_policy where polname = $1 and polrelid = to_regclass($2))
