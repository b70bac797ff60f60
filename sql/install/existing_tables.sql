-- $1 names of our tables: the first that exists in the extension's schema
select c.relname::text
from pg_class as c
join pg_extension as e on e.extnamespace = c.relnamespace
where e.extname = 'frontdesk' and c.relname = any ($1)
order by c.relname
limit 1
