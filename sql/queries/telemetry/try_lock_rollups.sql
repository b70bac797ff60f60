-- The lock of lock_rollups.sql, without waiting: whether it was free.
select pg_try_advisory_xact_lock(hashtextextended('frontdesk.refresh_rollups', 0))
