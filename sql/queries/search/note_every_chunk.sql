-- $1 configuration: notes all its chunks for an index that has none of them
insert into frontdesk_internal.search_changes (domain_id, chunk_id)
select e.domain_id, e.id from page_embeddings as e where e.domain_id = $1
