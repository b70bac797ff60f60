-- The example queries of the specification, in its order, with their literals filled in.
-- The monitoring queries read relname and indexrelname: the views have no tablename or indexname, the names that the page prints.

-- Get config by domain
SELECT * FROM customer_configs WHERE domain = 'example.com' AND active = true;

-- List all Shopify-enabled domains
SELECT domain, shopify_shop FROM customer_configs
WHERE shopify_shop IS NOT NULL AND shopify_access_token IS NOT NULL;

-- Index usage statistics
SELECT schemaname, relname, indexrelname, idx_scan, idx_tup_read
FROM pg_stat_user_indexes
WHERE schemaname = 'public'
ORDER BY idx_scan DESC;

-- Unused indexes (candidates for removal)
SELECT schemaname, relname, indexrelname
FROM pg_stat_user_indexes
WHERE idx_scan = 0 AND schemaname = 'public';

-- Index size
SELECT relname, indexrelname, pg_size_pretty(pg_relation_size(indexrelid))
FROM pg_stat_user_indexes
WHERE schemaname = 'public'
ORDER BY pg_relation_size(indexrelid) DESC;

-- Table row counts
SELECT schemaname, relname, n_live_tup as rows
FROM pg_stat_user_tables
WHERE schemaname = 'public'
ORDER BY n_live_tup DESC;

-- Index health
SELECT schemaname, relname, indexrelname, idx_scan, idx_tup_read
FROM pg_stat_user_indexes
WHERE schemaname = 'public' AND idx_scan = 0;

-- Table bloat
SELECT schemaname, relname,
       pg_size_pretty(pg_total_relation_size(schemaname||'.'||relname)) as size
FROM pg_stat_user_tables
WHERE schemaname = 'public'
ORDER BY pg_total_relation_size(schemaname||'.'||relname) DESC;

-- Get customer config by domain
SELECT * FROM customer_configs
WHERE domain = 'example.com' AND active = true;

-- Semantic search
SELECT pe.chunk_text, sp.url, sp.title
FROM page_embeddings pe
JOIN scraped_pages sp ON sp.id = pe.page_id
WHERE pe.domain_id = (SELECT id FROM customer_configs WHERE domain = 'example.com')
ORDER BY pe.embedding <=> ('[' || repeat('0.5,', 1535) || '0.5]')::vector
LIMIT 10;

-- Recent conversations
SELECT c.*, COUNT(m.id) as message_count
FROM conversations c
LEFT JOIN messages m ON m.conversation_id = c.id
WHERE c.domain_id = (SELECT id FROM domains WHERE domain = 'example.com')
GROUP BY c.id
ORDER BY c.started_at DESC
LIMIT 10;

-- Cost analytics
SELECT domain, SUM(cost_usd) as total_cost, COUNT(*) as requests
FROM chat_telemetry
WHERE created_at > NOW() - INTERVAL '7 days'
GROUP BY domain
ORDER BY total_cost DESC;
