-- $1 configuration, $2 kind
select c.encrypted_credentials -> $2 from customer_configs as c where c.id = $1
