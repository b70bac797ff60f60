-- $1 configuration: whether nobody else is writing its index; if so, nobody will until the end of the transaction
select pg_try_advisory_xact_lock(hashtextextended('frontdesk.search_index', 0) # hashtextextended($1::text, 0))
