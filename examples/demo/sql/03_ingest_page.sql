-- One page into one domain. `run` calls this for each page; by hand:
--
--   psql -d frontdesk_demo -v domain=docs.postgresql.example -v page=backup-dump.html \
--        -v html_file=/usr/share/doc/postgresql-doc-15/html/backup-dump.html -f 03_ingest_page.sql
--
-- ingest_page takes the HTML as a crawler finds it: it extracts the text, cuts it into chunks along its headings and
-- queues those that are new for embedding. The same page again changes nothing.

\ir people.sql
\setenv html_file :html_file
\set html `cat "$html_file"`
\set url https:// :domain / :page

-- The sentence model of this demo reads about 600 characters. Larger models take the default of 1000.
begin;
select :'domain' = 'handbook.debian.example' as is_handbook \gset
\if :is_handbook
    select frontdesk.act_as(user_id => :'carol') \gset
\else
    select frontdesk.act_as(user_id => :'bob') \gset
\endif
select status, chunks, added, kept, removed
from frontdesk.ingest_page(:'domain', :'url', :'html', max_chars => 600, overlap => 50);
commit;
