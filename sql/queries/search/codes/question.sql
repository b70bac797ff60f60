-- $1 configuration, $2 vector: whether the caller reaches the configuration; the direction of the vector
select frontdesk.may_search($1), l2_normalize($2)::real[]
