-- The turn of the job claimed last
select h.last_value from frontdesk_internal.any_queue_head as h
