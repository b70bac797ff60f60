-- The settings of the extension that a session may choose
select s.name from pg_settings as s where s.name like 'frontdesk.%' and s.context = 'user' order by s.name
