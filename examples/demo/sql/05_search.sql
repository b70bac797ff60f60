-- Bob asks about his domain. hybrid_search runs with his rights: row level security applies inside it.

\ir people.sql
\set asker :bob
\set domain docs.postgresql.example
\set answers 3

\set question 'How do I take a backup of a single database?'
\ir ask.sql

\set question 'Which index type should I use for full text search?'
\ir ask.sql

-- The words of this one hardly occur in the manual.
\set question 'my tables keep growing although I delete rows'
\ir ask.sql
