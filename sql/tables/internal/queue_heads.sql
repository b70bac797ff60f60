-- How far each queue has come: the turn of the job claimed last. Jobs get turns behind it, and claims look no further
-- forward, past nothing but dead rows. A sequence, because a row updated by every claim would leave a dead version each
-- time, which nobody could remove beside an old snapshot, and because claims must not wait for each other.
create sequence frontdesk_internal.embedding_queue_head minvalue 0;
create sequence frontdesk_internal.entity_extraction_queue_head minvalue 0;
create sequence frontdesk_internal.scrape_jobs_head minvalue 0;
create sequence frontdesk_internal.demo_attempts_head minvalue 0;

comment on sequence frontdesk_internal.embedding_queue_head is 'Turn of the embedding job claimed last.';
comment on sequence frontdesk_internal.entity_extraction_queue_head is 'Turn of the extraction job claimed last.';
comment on sequence frontdesk_internal.scrape_jobs_head is 'Turn of the scrape job claimed last.';
comment on sequence frontdesk_internal.demo_attempts_head is 'Turn of the demo request claimed last.';
