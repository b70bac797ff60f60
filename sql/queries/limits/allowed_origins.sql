-- $1 configuration
select c.allowed_origins from customer_configs as c where c.id = $1
