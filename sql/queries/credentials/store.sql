-- $1 configuration, $2 kind, $3 sealed value
update customer_configs as c
set encrypted_credentials = coalesce(c.encrypted_credentials, '{}') || jsonb_build_object($2, $3)
where c.id = $1
