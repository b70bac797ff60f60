-- Registered domains: what is crawled and where conversations happen. Pages, extractions, jobs and conversations
-- point here; the settings of the same name are in customer_configs.
create table domains (
    id uuid not null default gen_random_uuid(),
    domain text not null,
    name text,
    description text,
    last_scraped_at timestamptz,
    scrape_frequency text default 'weekly',
    active boolean default true,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    organization_id uuid,
    text_search_config text default 'english',
    aliases text[] not null default '{}',
    verified_at timestamptz,
    fusion_method text,
    fusion_text_weight real,
    constraint domains_pkey primary key (id),
    constraint domains_domain_key unique (domain),
    constraint domains_organization_id_fkey
        foreign key (organization_id) references organizations (id) on delete cascade,
    constraint fusion_method_is_known
        check (fusion_method in ('absolute', 'min_max', 'theoretical_min', 'z_score', 'rrf')),
    constraint fusion_text_weight_is_a_share check (fusion_text_weight between 0 and 1),
    constraint scrape_frequency_is_known check (scrape_frequency in ('hourly', 'daily', 'weekly', 'monthly', 'never'))
) with (
    -- Each crawl updates last_scraped_at, which no index holds: room on the page keeps those updates heap-only.
    fillfactor = 90
);

alter table domains enable row level security;

-- Finds domains by prefix (domain like 'shop%') in any collation; equality has domains_domain_key.
create index idx_domains_domain on domains (domain text_pattern_ops);

-- Turns organizations into the ids and names of their domains for the policies, from the index alone.
create index idx_domains_organization on domains (organization_id) include (id, domain);

-- Counts and joins domains that have an owner; smaller than the covering index while many rows have none.
create index idx_domains_organization_id on domains (organization_id) where organization_id is not null;

-- Finds who holds a name as an alias: every claim of a name asks.
create index idx_domains_aliases on domains using gin (aliases);

comment on table domains is 'Domains registered for crawling and chat.';
comment on column domains.id is 'Primary key. [none]';
comment on column domains.domain is 'The domain name, lower case, without www. [none]';
comment on column domains.name is 'Display name. [content]';
comment on column domains.description is 'What the site is about. [content]';
comment on column domains.last_scraped_at is 'When the last crawl finished. [none]';
comment on column domains.scrape_frequency is 'How often the site is crawled: hourly, daily, weekly, monthly or never; null is never. [none]';
comment on column domains.active is 'Whether search, chat and ingest answer for this domain. [none]';
comment on column domains.created_at is 'When the domain was registered. [none]';
comment on column domains.updated_at is 'When the row last changed. [none]';
comment on column domains.organization_id is
    'The owning organization (organizations.id); null is visible to operators only. [none]';
comment on column domains.text_search_config is
    'Ours: name of the text search configuration for the language of the site. [none]';
comment on column domains.aliases is
    'Ours: further names of the site, each owned as the name is; pages on them are ingested too. [none]';
comment on column domains.verified_at is
    'Ours: when an operator last saw proof that the organization controls the name; null is never. [none]';
comment on column domains.fusion_method is
    'Ours: how hybrid_search adds up its two legs; null is the default. [none]';
comment on column domains.fusion_text_weight is
    'Ours: how much words count in hybrid_search, 0 to 1, vectors the rest; null is the default. [none]';
