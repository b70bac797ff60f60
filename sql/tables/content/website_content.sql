-- Processed site content that does not come from the crawler page by page: summaries, imported texts, hand-written
-- answers.
create table website_content (
    id uuid not null default gen_random_uuid(),
    domain_id uuid not null,
    url text not null,
    title text,
    content text,
    summary text,
    metadata jsonb default '{}',
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    constraint website_content_pkey primary key (id),
    constraint unique_domain_content_url unique (domain_id, url),
    constraint website_content_domain_id_fkey
        foreign key (domain_id) references domains (id) on delete cascade,
    constraint url_is_at_most_2048_bytes check (octet_length(url) <= 2048)
);

alter table website_content enable row level security;

-- Searches the content in English; the first 100,000 characters always fit a tsvector.
create index idx_website_content_fulltext on website_content
    using gin (to_tsvector('english', left(coalesce(content, ''), 100000)));

-- Finds content by what its metadata contains (metadata @> ...).
create index idx_website_content_metadata_gin on website_content using gin (metadata);

-- ANALYZE would parse whole texts for statistics of this expression; the planner's default match rate will do.
alter index idx_website_content_fulltext alter column 1 set statistics 0;

comment on table website_content is 'Processed or imported content of a site, one row per address.';
comment on column website_content.id is 'Primary key. [none]';
comment on column website_content.domain_id is 'The domain the content belongs to (domains.id). [none]';
comment on column website_content.url is 'Address of the content, at most 2048 bytes. [content]';
comment on column website_content.title is 'Title. [content]';
comment on column website_content.content is 'The text. [content]';
comment on column website_content.summary is 'Summary of the text. [content]';
comment on column website_content.metadata is 'What the importer noted. [content]';
comment on column website_content.created_at is 'When the row was written. [none]';
comment on column website_content.updated_at is 'When the row last changed. [none]';
