select exists (select from pg_opclass where opcname = $1 and opcnamespace = 'frontdesk'::regnamespace)
