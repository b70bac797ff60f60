-- All configurations: chunks may be left over of those that have none any more
select c.id from customer_configs as c order by c.id
