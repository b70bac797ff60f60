-- $1 which of its indexes, $2 configuration: whether nobody else is writing it; if so, nobody will until the end of the
-- transaction
select pg_try_advisory_xact_lock(hashtextextended('frontdesk.' || $1, 0) # hashtextextended($2::text, 0))
