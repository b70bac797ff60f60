insert into frontdesk_internal.schema_version (version) values ($1)
