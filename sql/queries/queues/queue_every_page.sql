-- Every page whose chunks miss vectors
insert into embedding_queue (page_id)
select distinct e.page_id
from page_embeddings as e
where e.embedding is null
on conflict (page_id) do update
set status = 'pending', retry_count = 0, error_message = null, not_before = null, lease_token = null, lease_expires_at = null
