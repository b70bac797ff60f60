-- The database never calls a model. It is told which one the workers use, so that vectors of two models never mix, and
-- queues the chunks. Workers take them with claim_embedding_jobs and hand vectors in with complete_embedding_jobs.
--
--   psql -d frontdesk_demo -v model_name=pocket-encoder/minilm-l3-q4-g32-v1 -v dimensions=384 -f 04_model.sql
--   frontdesk-worker run --until-empty

-- For operators, as is all that concerns the whole platform.
begin;
set local role service_role;
select frontdesk.set_embedding_model(:'model_name', :dimensions) \gset
select queue, domain, pending, processing, completed, failed
from frontdesk.queue_status()
where queue = 'embedding';
commit;
