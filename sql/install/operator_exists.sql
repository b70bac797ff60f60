select exists (select from pg_operator where oprname = $1 and oprnamespace = 'frontdesk'::regnamespace)
