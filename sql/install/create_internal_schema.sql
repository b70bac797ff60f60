select 'create schema frontdesk_internal' where to_regnamespace('frontdesk_internal') is null
