-- Everything that is not a Rust function: roles, SQL functions, the tables and what guards them.
-- The argument is the schema version that this version of the extension knows.
select frontdesk.run_extension_script(1);
