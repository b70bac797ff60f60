-- $1 table, $2 last id, $3 rows, $4 whether there are no more
update frontdesk_internal.text_search_reindex as t
set last_id = coalesce($2, t.last_id), rows_done = t.rows_done + $3, is_finished = $4
where t.relation = $1
