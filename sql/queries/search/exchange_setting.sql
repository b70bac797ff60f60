-- $1 name, $2 value until the end of the transaction: the value before
select b.value
from (select current_setting($1) as value offset 0) as b
where set_config($1, $2, true) is not null
