-- The roles of the extension. They belong to the server, not to the database: each statement runs
-- only where its role is absent, so a role that exists (Supabase has three of them) is left alone.

-- Not signed in: may do nothing.
create role anon nologin;

-- People. Their claims name a person; policies decide by membership.
create role authenticated nologin;

-- The server of a chat widget. Its claims name one domain, and it reads what a chat turn needs there.
create role chat_server nologin;

-- Operators: the back office and its workers, past every policy.
create role service_role nologin bypassrls;

-- Owns the tables and the functions that run with their owner's rights; is a member of nothing.
create role frontdesk_owner nologin;
