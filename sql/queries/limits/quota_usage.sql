-- $1 configuration, $2 domain, $3 its name. What has no quota is not counted.
select q.quota, q.used, q.maximum, q.used >= q.maximum, q.used > q.maximum
from customer_configs as c
cross join lateral (
    select 'pages' as quota, c.max_pages::numeric as maximum,
        case when c.max_pages is not null then (
            select count(*) from scraped_pages as p where p.domain_id = $2 and p.status is distinct from 'deleted'
        ) end::numeric as used
    union all
    select 'chunks', c.max_chunks,
        case when c.max_chunks is not null then (select count(*) from page_embeddings as e where e.domain_id = c.id) end
    union all
    select 'monthly_cost_usd', c.max_monthly_cost_usd,
        case when c.max_monthly_cost_usd is not null then coalesce((
            select sum(t.cost_usd)
            from chat_telemetry as t
            where t.domain = $3 and t.created_at >= date_trunc('month', now(), 'UTC')
        ), 0) end
) as q
where c.id = $1 and q.maximum is not null
