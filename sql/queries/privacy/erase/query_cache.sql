-- $1 configuration (customer_configs.id) or NULL. Which cached answers a person's questions made cannot be told: all go, and
-- none that is being made from what is erased will be found.
with counted as (
    insert into frontdesk_internal.corpus_changes (owner_id, changes) select $1, 1 where $1 is not null
)
delete from query_cache as q where q.domain_id = $1
