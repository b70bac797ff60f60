-- Gives every tenant products and page texts to search for, made of its chunks, unless there are some.
insert into entity_catalog (domain_id, entity_type, primary_identifier, name, description, price, attributes)
select d.id, 'product', 'SKU-' || c.n, left(c.chunk_text, 60), left(c.chunk_text, 400), c.n % 100, jsonb_build_object('n', c.n % 10)
from (
    select e.domain_id, e.chunk_text, row_number() over (partition by e.domain_id order by e.id) as n
    from page_embeddings as e
) as c
join customer_configs as g on g.id = c.domain_id
join domains as d on d.domain = g.domain
where c.n % 5 = 0 and not exists (select from entity_catalog)
