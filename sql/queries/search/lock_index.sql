-- $1 configuration: nobody else writes its index until the end of the transaction
select pg_advisory_xact_lock(hashtextextended('frontdesk.search_index', 0) # hashtextextended($1::text, 0)) is null
