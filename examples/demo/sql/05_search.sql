-- Bob asks about his domain. hybrid_search runs with his rights: row level security applies inside it.

\ir people.sql
\set asker :bob
\set domain docs.postgresql.example
\set answers 3

\set question 'How do I dump a database and restore it on another machine?'
\ir ask.sql

\set question 'The disk is full and the server stopped'
\ir ask.sql

-- By words alone, as without a model: what is found contains "query" and "index" often, and answers something else.
\if :{?model}
\else
    \set model no
\endif
\if :model
    \echo 'By words alone:'
    \set model no
    \set question 'Why does my query not use the index?'
    \ir ask.sql
    \set model yes
    \echo 'By words and meaning:'
\endif
\set question 'Why does my query not use the index?'
\ir ask.sql
