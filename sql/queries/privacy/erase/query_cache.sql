-- $1 configuration (customer_configs.id) or NULL. Which cached answers a person's questions made cannot be told: all go.
delete from query_cache as q where q.domain_id = $1
