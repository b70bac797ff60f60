-- $1 jobs: switches the domains of those that are done, when every vector of theirs that answers now
-- has one of the next model beside it. While more of a domain stands in line there is no need to look.
insert into frontdesk_internal.switched_configs (config_id)
select c.id
from frontdesk_internal.embedding_model as m
cross join customer_configs as c
join domains as d on d.domain = c.domain
where m.next_name is not null
    and d.id in (select q.domain_id from embedding_queue as q where q.id = any ($1) and q.status = 'completed')
    and not exists (select from frontdesk_internal.switched_configs as s where s.config_id = c.id)
    and not exists (select from embedding_queue as q where q.domain_id = d.id and q.turn is not null)
    and exists (select from page_embeddings as e where e.domain_id = c.id and e.embedding_model = m.next_name)
    and not exists (
        select
        from page_embeddings as e
        where e.domain_id = c.id and e.embedding is not null and e.embedding_model is distinct from m.next_name
    )
on conflict do nothing
