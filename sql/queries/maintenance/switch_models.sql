-- $1 at most so many: while one embedding model takes the place of another, switches the domains whose every vector has one
-- of the next model beside it. Workers do so as they finish; of two who finish at once neither may have seen it.
insert into frontdesk_internal.switched_configs (config_id)
select c.id
from frontdesk_internal.embedding_model as m
cross join customer_configs as c
join domains as d on d.domain = c.domain
where m.next_name is not null
    and not exists (select from frontdesk_internal.switched_configs as s where s.config_id = c.id)
    and not exists (select from embedding_queue as q where q.domain_id = d.id and q.turn is not null)
    and exists (select from page_embeddings as e where e.domain_id = c.id and e.embedding_model = m.next_name)
    and not exists (
        select
        from page_embeddings as e
        where e.domain_id = c.id and e.embedding is not null and e.embedding_model is distinct from m.next_name
    )
limit $1
on conflict do nothing
