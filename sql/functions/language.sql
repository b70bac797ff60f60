-- Text search in the language of a domain.

comment on function frontdesk.searchable_text is
    'A text as search vectors are made of it: in Unicode NFKC, scripts without spaces between words as overlapping pairs '
    'of characters, names such as c++ and .net spelled out.';
comment on function frontdesk.reindex_text_search is
    'Makes the search vectors of the next pages, chunks and entities anew and returns how many rows are done and left; to be '
    'called until none is left. For operators.';

-- What depends on a text search configuration besides the stored vectors, and pg_trgm's idea of letters. Rebuilding beside
-- running searches needs a statement outside any function.
create or replace function frontdesk.text_search_indexes()
returns table (index_name text, statement text)
language sql stable
as $$
    select i.indexrelid::regclass::text, format('reindex index concurrently %s', i.indexrelid::regclass)
    from pg_index as i
    join pg_class as t on t.oid = i.indrelid
    where t.relowner = 'frontdesk_owner'::regrole
        and (
            pg_get_indexdef(i.indexrelid) like '%to_tsvector(%'
            or exists (
                select
                from pg_opclass as o
                where o.oid = any (i.indclass) and o.opcname in ('gin_trgm_ops', 'gist_trgm_ops')
            )
        )
    order by 1
$$;

comment on function frontdesk.text_search_indexes() is
    'The indexes over words and trigrams of text, each with the statement that rebuilds it while it is in use. Needed after pg_upgrade to a version, or a move to a machine, that classifies letters otherwise.';
