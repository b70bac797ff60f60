-- The claims helpers that Supabase's own policies and many examples call. They are created only
-- where they are absent and belong to the user: nothing in this extension calls them.
-- Empty claims (what SET LOCAL leaves behind on a pooled connection) are NULL.

create schema auth;

create function auth.jwt()
returns jsonb
language sql stable
as $$
    select nullif(current_setting('request.jwt.claims', true), '')::jsonb
$$;

create function auth.uid()
returns uuid
language sql stable
as $$
    select nullif(
        coalesce(
            nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub',
            current_setting('request.jwt.claim.sub', true)
        ),
        ''
    )::uuid
$$;

create function auth.role()
returns text
language sql stable
as $$
    select nullif(
        coalesce(
            nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role',
            current_setting('request.jwt.claim.role', true)
        ),
        ''
    )
$$;

-- Policies of the user's own call these as whoever reads; they tell each reader only its own claims. First whatever default
-- privileges have given.
revoke all on schema auth from public, anon, authenticated, chat_server, service_role;
revoke all on all functions in schema auth from public, anon, authenticated, chat_server, service_role;
grant usage on schema auth to anon, authenticated, chat_server, service_role;
grant execute on all functions in schema auth to anon, authenticated, chat_server, service_role;
