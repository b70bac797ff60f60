-- $1 configuration, $2 kind
update customer_configs as c set encrypted_credentials = c.encrypted_credentials - $2 where c.id = $1
