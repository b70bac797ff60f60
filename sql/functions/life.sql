-- The life of an installation.

-- Lets everyone ask which version the tables have, which says nothing about what is in them.
create or replace function frontdesk.schema_version() returns integer
language plpgsql stable security definer parallel safe as $$
begin
    if to_regclass('frontdesk_internal.schema_version') is null then
        return null;
    end if;
    return (select max(v.version) from frontdesk_internal.schema_version as v);
end
$$;

comment on function frontdesk.schema_version() is 'The schema version of the installed tables; NULL when there are none.';

comment on function frontdesk.version is 'The version of the installed library.';
comment on function frontdesk.install_schema is
    'Creates or upgrades the tables and puts back policies, triggers, views and grants that are missing. Running it '
    'again changes nothing.';
comment on function frontdesk.run_extension_script is
    'What the scripts of the extension call; nothing to call by hand.';
