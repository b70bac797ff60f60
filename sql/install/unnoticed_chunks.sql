-- Whether there are chunks that no trigger has noticed: after DROP EXTENSION ... CASCADE, or in a dump of an older version
select exists (select from page_embeddings)
    and not exists (
        select
        from pg_trigger as t
        where t.tgrelid = 'page_embeddings'::regclass
            and t.tgname in ('note_search_changes_on_insert', 'copy_chunk_vectors_on_insert')
        having count(*) = 2
    )
