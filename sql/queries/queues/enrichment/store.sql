-- $1 request, $2 what was found out, as JSON
update demo_attempts as q set enrichment_data = coalesce(q.enrichment_data, '{}') || $2::jsonb where q.id = $1
