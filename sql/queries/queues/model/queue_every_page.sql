-- Every page whose chunks miss vectors of the model
insert into embedding_queue as q (page_id)
select distinct e.page_id
from page_embeddings as e
where e.target_embedding is null
on conflict (page_id) do update
set status = 'pending', retry_count = 0, error_message = null, not_before = null, lease_token = null, lease_expires_at = null,
    created_at = case when q.status in ('completed', 'failed') then now() else q.created_at end
