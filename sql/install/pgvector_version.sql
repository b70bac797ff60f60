-- The installed version of pgvector, and whether it is at least 0.8.0 and at least 0.8.4
select e.extversion, v.parts >= array[0, 8, 0], v.parts >= array[0, 8, 4]
from pg_extension as e
cross join lateral (
    select string_to_array(substring(e.extversion from '^[0-9]+(?:\.[0-9]+)*'), '.')::integer[] as parts
) as v
where e.extname = 'vector'
