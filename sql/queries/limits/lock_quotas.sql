-- $1 configuration; a domain without quotas is not locked
select from customer_configs as c
where c.id = $1 and coalesce(c.max_pages, c.max_chunks) is not null
for no key update
