-- One round at a time, until the end of the transaction: whether nobody else is at it.
select pg_try_advisory_xact_lock(hashtextextended('frontdesk.run_maintenance', 0))
