-- $1 which of its indexes, $2 configuration: nobody else writes it until the end of the transaction
select pg_advisory_xact_lock(hashtextextended('frontdesk.' || $1, 0) # hashtextextended($2::text, 0)) is null
