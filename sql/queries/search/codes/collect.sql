-- $1 configuration: shows the codes of its vectors to the search that is under way; how many they are
select coalesce(sum(frontdesk.collect_codes(c.codes)), 0) from frontdesk_internal.vector_codes as c where c.config_id = $1
