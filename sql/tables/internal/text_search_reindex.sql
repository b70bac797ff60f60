-- How far reindex_text_search has come: a row per table while it is under way, none otherwise.
create table frontdesk_internal.text_search_reindex (
    relation text primary key,
    last_id uuid,
    rows_done bigint not null default 0,
    is_finished boolean not null default false
);

comment on table frontdesk_internal.text_search_reindex is 'How far the search vectors have been made anew.';
comment on column frontdesk_internal.text_search_reindex.relation is 'The table. [none]';
comment on column frontdesk_internal.text_search_reindex.last_id is 'The last row that was treated, in the order of ids. [none]';
comment on column frontdesk_internal.text_search_reindex.rows_done is 'Rows that were treated. [none]';
comment on column frontdesk_internal.text_search_reindex.is_finished is 'Whether there were no more rows. [none]';
