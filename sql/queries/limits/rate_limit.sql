-- $1 configuration
select c.rate_limit from customer_configs as c where c.id = $1
