-- {pages} pages of {chunks} chunks each, the first half of them of one domain and the others of 999 more. The indexes that no
-- queue function reads are dropped: they would only slow the filling.
select frontdesk.set_embedding_model('bench', 3);
drop index page_embeddings_embedding_hnsw_idx, idx_page_embeddings_fulltext, idx_page_embeddings_search,
    idx_page_embeddings_metadata_gin, idx_scraped_pages_fulltext, idx_scraped_pages_content_gin,
    idx_scraped_pages_content_search, idx_scraped_pages_title_trgm, idx_scraped_pages_url_trgm, idx_scraped_pages_metadata_gin;
insert into domains (domain) select 'site-' || i || '.example' from generate_series(0, 999) as i;
insert into scraped_pages (domain_id, url, content, status)
select d.id, 'https://' || d.domain || '/' || p.i, 'Page ' || p.i, 'completed'
from generate_series(1, {pages}) as p (i)
join domains as d on d.domain = 'site-' || case when p.i % 2 = 0 then 0 else p.i / 2 % 1000 end || '.example';
alter table page_embeddings disable trigger user;
insert into page_embeddings (page_id, chunk_text, content_hash, metadata)
select p.id, t.text, frontdesk.text_hash(t.text), jsonb_build_object('chunk_index', c.i)
from scraped_pages as p, generate_series(0, {chunks} - 1) as c (i),
    lateral (select p.url || ' ' || c.i || repeat(' lorem ipsum dolor sit amet', 20) as text offset 0) as t;
set constraints all immediate;
alter table page_embeddings enable trigger user;
create table plain_jobs (
    id bigint generated always as identity primary key, content text not null, status text not null default 'pending',
    queued_at timestamptz not null default clock_timestamp()
);
insert into plain_jobs (content) select e.chunk_text from page_embeddings as e;
create index on plain_jobs (queued_at) where status = 'pending';
