-- The round is over.
delete from frontdesk_internal.text_search_reindex
