-- $1 the turn of the job claimed last
select setval('frontdesk_internal.any_queue_head', $1)
