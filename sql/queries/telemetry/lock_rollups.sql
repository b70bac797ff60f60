-- One refresh at a time, until the end of the transaction. Whoever writes the rollups takes this lock first.
select pg_advisory_xact_lock(hashtextextended('frontdesk.refresh_rollups', 0))
