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
select
    format('%s. %s', row_number() over (), coalesce(nullif(array_to_string(heading_path, ' > '), ''), title)),
    url,
    format('score %s', round(score::numeric, 4))
        || coalesce(format(', words: place %s', text_rank), '')
        || coalesce(format(', meaning: place %s (similarity %s)', vector_rank, round(vector_score::numeric, 2)), ''),
    -- The first 300 characters, in lines of at most 100.
    rtrim(
        regexp_replace(
            left(regexp_replace(chunk_text, '\s+', ' ', 'g'), 300) || ' ...', '(.{1,100})( |$)', E'| \\1\n   ', 'g'
        ),
        E'\n '
    )
from frontdesk.hybrid_search(
    :'domain', :'question', query_embedding => nullif(:'embedding', '')::vector, match_count => :answers
);
commit;
\echo
\pset tuples_only off
\pset format aligned
\pset fieldsep '|'
\pset recordsep '\n'
