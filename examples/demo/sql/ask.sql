-- Asks :question about :domain as :asker and prints the best :answers. Included by the other files.
--
-- With a model, the question's vector finds what is said in other words; without, words and synonyms alone decide.

\if :{?model}
\else
    \set model no
\endif
\if :model
    \setenv question :question
    \set embedding `frontdesk-worker embed "$question"`
\else
    \set embedding ''
\endif

\echo 'Question:' :question
\pset tuples_only on
\pset format unaligned
\pset fieldsep '\n   '
\pset recordsep '\n\n'
begin;
select frontdesk.act_as(user_id => :'asker') \gset
-- The best passage of each page, in lines of at most 100 characters.
select
    format('%s. %s', row_number() over (order by score desc), coalesce(nullif(array_to_string(heading_path, ' > '), ''), title)),
    url,
    'score ' || round(score::numeric, 4)
        || coalesce(', words: place ' || text_rank, '')
        || coalesce(', meaning: place ' || vector_rank || ' (similarity ' || round(vector_score::numeric, 2) || ')', ''),
    rtrim(regexp_replace(passage, '(.{1,100})( |$)', E'| \\1\n   ', 'g'), E'\n ')
from (
    select distinct on (page_id) *,
        -- Without the marks of Markdown: headings, code, links.
        btrim(regexp_replace(
            regexp_replace(chunk_text, '\[([^]]*)\]\([^)]*\)', '\1', 'g'), '#{2,} |```|\s+', ' ', 'g'
        )) as passage
    from frontdesk.hybrid_search(
        :'domain', :'question', query_embedding => nullif(:'embedding', '')::vector, match_count => 20
    )
    order by page_id, score desc
) as best
order by score desc
limit :answers;
commit;
\echo
\pset tuples_only off
\pset format aligned
\pset fieldsep '|'
\pset recordsep '\n'
