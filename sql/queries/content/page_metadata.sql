-- $1 what the caller says, $2 what counts unless the caller says so too, $3 what counts in any case; null when $1 is no object
select case when jsonb_typeof($1) = 'object' then ($2::jsonb || $1 || $3::jsonb)::text end
