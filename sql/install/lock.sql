-- Two installations at once would race on CREATE TABLE; the lock ends with the transaction.
select pg_advisory_xact_lock(hashtextextended('frontdesk.install_schema', 0))
