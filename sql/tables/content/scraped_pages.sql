-- Crawled pages: the source of everything the chat knows. Full-text expressions read the first 100,000 characters,
-- which always fit a tsvector; btree keys over json text are cut to 500 characters, which always fit an index
-- entry.
create table scraped_pages (
    id uuid not null default gen_random_uuid(),
    domain_id uuid not null,
    url text not null,
    title text,
    content text,
    html text,
    excerpt text,
    metadata jsonb default '{}',
    content_hash text,
    content_search_vector tsvector,
    status text default 'pending',
    last_scraped_at timestamptz,
    scraped_at timestamptz,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    constraint scraped_pages_pkey primary key (id),
    constraint scraped_pages_url_unique unique (url),
    constraint unique_domain_url unique (domain_id, url),
    constraint scraped_pages_domain_id_fkey
        foreign key (domain_id) references domains (id) on delete cascade,
    constraint page_status_is_known check (status in ('pending', 'completed', 'failed', 'deleted')),
    constraint url_is_at_most_2048_bytes check (octet_length(url) <= 2048)
);

alter table scraped_pages enable row level security;

-- Finds pages by the beginning of their address (url like 'https://shop.example/help/%') in any collation.
create index idx_scraped_pages_url on scraped_pages (url text_pattern_ops);

-- Lists and counts the pages of one domain; the cascade from domains.
create index idx_scraped_pages_domain_id on scraped_pages (domain_id);

-- Lists one section of one domain by the beginning of the address.
create index idx_scraped_pages_domain_url on scraped_pages (domain_id, url text_pattern_ops);

-- Searches title and content in English without the stored vector, across what the caller may see.
create index idx_scraped_pages_fulltext on scraped_pages
    using gin (to_tsvector('english', left(coalesce(title, '') || ' ' || coalesce(content, ''), 100000)));

-- Finds part numbers, codes and names in the content exactly as written: no stemming, no stop words.
create index idx_scraped_pages_content_gin on scraped_pages
    using gin (to_tsvector('simple', left(coalesce(content, ''), 100000)));

-- Searches the pages of one domain by the stored vector.
create index idx_scraped_pages_content_search on scraped_pages using gin (domain_id, content_search_vector);

-- Finds pages by a misspelled or partial title.
create index idx_scraped_pages_title_trgm on scraped_pages using gin (title gin_trgm_ops);

-- Finds pages by any part of their address.
create index idx_scraped_pages_url_trgm on scraped_pages using gin (url gin_trgm_ops);

-- Finds pages by what their metadata contains (metadata @> ...).
create index idx_scraped_pages_metadata_gin on scraped_pages using gin (metadata);

-- Lists the pages of one category.
create index idx_scraped_pages_category on scraped_pages (left(metadata->>'category', 500))
    where metadata->>'category' is not null;

-- Finds the pages that state a price, by the price as written.
create index idx_scraped_pages_price on scraped_pages (left(metadata->>'price', 500))
    where metadata->>'price' is not null;

-- Finds the page of one product by its sku.
create index idx_scraped_pages_product_sku on scraped_pages (left(metadata->>'sku', 500))
    where metadata->>'sku' is not null;

-- Lists the pages fetched longest ago, which are due again, and the latest ones.
create index idx_scraped_pages_last_scraped on scraped_pages (last_scraped_at desc);

-- Lists the pages whose content is newest.
create index idx_scraped_pages_scraped_at on scraped_pages (scraped_at desc);

-- ANALYZE would parse whole pages for statistics of these expressions; the planner's default match rate will do.
alter index idx_scraped_pages_fulltext alter column 1 set statistics 0;
alter index idx_scraped_pages_content_gin alter column 1 set statistics 0;

comment on table scraped_pages is 'Crawled pages with their raw and extracted content.';
comment on column scraped_pages.id is 'Primary key. [none]';
comment on column scraped_pages.domain_id is 'The domain the page belongs to (domains.id). [none]';
comment on column scraped_pages.url is 'Address of the page, at most 2048 bytes. [content]';
comment on column scraped_pages.title is 'Title of the page. [content]';
comment on column scraped_pages.content is 'Extracted main text. [content]';
comment on column scraped_pages.html is 'Raw HTML as fetched. [content]';
comment on column scraped_pages.excerpt is 'Short description or beginning of the text. [content]';
comment on column scraped_pages.metadata is 'What the crawler noted: category, price, sku and so on. [content]';
comment on column scraped_pages.content_hash is
    'Fingerprint of the content, to tell a changed page from an unchanged one. [none]';
comment on column scraped_pages.content_search_vector is
    'Lexemes of title and content for full-text search. [content]';
comment on column scraped_pages.status is 'pending, completed, failed or deleted. [none]';
comment on column scraped_pages.last_scraped_at is 'When the page was last fetched. [none]';
comment on column scraped_pages.scraped_at is 'When the stored content was fetched. [none]';
comment on column scraped_pages.created_at is 'When the row was written. [none]';
comment on column scraped_pages.updated_at is 'When the row last changed. [none]';
