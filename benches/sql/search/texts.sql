-- $1 pages as HTML: stores their chunks; how many there are now
with stored as (
    insert into bench.texts (n, chunk)
    select (select coalesce(max(t.n) + 1, 0) from bench.texts as t) + row_number() over () - 1, c.content
    from unnest($1::text[]) as page (html)
    cross join lateral frontdesk.extract_html(page.html) as p
    cross join lateral frontdesk.chunk_text(p.content, format => 'markdown') as c
    where length(c.content) > 200
    returning n
)
select coalesce(max(n) + 1, 0)::bigint from (select n from stored union all select max(n) from bench.texts) as all_texts
