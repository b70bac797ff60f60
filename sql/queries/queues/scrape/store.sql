-- $1 job, $2 its result as JSON
update scrape_jobs as q set metadata = coalesce(q.metadata, '{}') || $2::jsonb where q.id = $1
