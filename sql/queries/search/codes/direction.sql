-- $1 vector
select l2_normalize($1)::real[]
