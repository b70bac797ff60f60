-- One row per customer domain: branding, limits and shop credentials. Chat-side tables (embeddings, synonyms,
-- caches, widgets) point here; content-side tables point at domains.
create table customer_configs (
    id uuid not null default gen_random_uuid(),
    domain text not null,
    business_name text,
    business_description text,
    primary_color text default '#000000',
    welcome_message text,
    suggested_questions jsonb default '[]',
    woocommerce_url text,
    woocommerce_consumer_key text,
    woocommerce_consumer_secret text,
    encrypted_credentials jsonb,
    rate_limit integer default 10,
    allowed_origins text[] default array['*'],
    active boolean default true,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    organization_id uuid,
    shopify_shop text,
    shopify_access_token text,
    max_pages integer,
    max_chunks integer,
    max_monthly_cost_usd numeric,
    constraint customer_configs_pkey primary key (id),
    constraint customer_configs_domain_key unique (domain),
    constraint customer_configs_organization_id_fkey
        foreign key (organization_id) references organizations (id) on delete cascade,
    constraint rate_limit_is_not_negative check (rate_limit >= 0),
    constraint quotas_are_not_negative check (least(max_pages, max_chunks, max_monthly_cost_usd) >= 0),
    constraint woocommerce_url_is_at_most_2048_bytes check (octet_length(woocommerce_url) <= 2048)
);

alter table customer_configs enable row level security;

-- Credentials are never searched for; pg_stats would keep copies of them.
alter table customer_configs
    alter column woocommerce_consumer_key set statistics 0,
    alter column woocommerce_consumer_secret set statistics 0,
    alter column encrypted_credentials set statistics 0,
    alter column shopify_access_token set statistics 0;

-- Finds domains by prefix (domain like 'shop%') in any collation; equality has customer_configs_domain_key.
create index idx_customer_configs_domain on customer_configs (domain text_pattern_ops);

-- Finds the configuration of a domain if it is active.
create index idx_customer_configs_domain_active on customer_configs (domain, active);

-- Turns organizations into the ids and names of their configurations for the policies, from the index alone.
create index idx_customer_configs_organization on customer_configs (organization_id) include (id, domain);

-- Lists the domains with a connected Shopify shop.
create index idx_customer_configs_shopify_enabled on customer_configs (domain)
    where shopify_shop is not null and shopify_access_token is not null;

comment on table customer_configs is
    'Configuration of one customer domain: branding, limits, feature flags and shop credentials.';
comment on column customer_configs.id is 'Primary key. [none]';
comment on column customer_configs.domain is 'The domain name, lower case, without www. [none]';
comment on column customer_configs.business_name is 'Name of the business as visitors see it. [content]';
comment on column customer_configs.business_description is 'What the business does, in its own words. [content]';
comment on column customer_configs.primary_color is 'Brand color of the widget. [none]';
comment on column customer_configs.welcome_message is 'First message of the widget. [content]';
comment on column customer_configs.suggested_questions is
    'Questions the widget offers, an array of strings. [content]';
comment on column customer_configs.woocommerce_url is 'Address of the WooCommerce shop. [content]';
comment on column customer_configs.woocommerce_consumer_key is 'WooCommerce API key. [secret]';
comment on column customer_configs.woocommerce_consumer_secret is 'WooCommerce API secret. [secret]';
comment on column customer_configs.encrypted_credentials is 'Credentials of other services, encrypted. [secret]';
comment on column customer_configs.rate_limit is 'Requests per minute that each visitor may make; null is no limit. [none]';
comment on column customer_configs.allowed_origins is 'Origins that may embed the widget; * is any. [none]';
comment on column customer_configs.active is 'Whether search, chat and ingest answer for this domain. [none]';
comment on column customer_configs.created_at is 'When the row was written. [none]';
comment on column customer_configs.updated_at is 'When the row last changed. [none]';
comment on column customer_configs.organization_id is
    'The owning organization (organizations.id); null is visible to operators only. [none]';
comment on column customer_configs.shopify_shop is 'Name of the Shopify shop. [content]';
comment on column customer_configs.shopify_access_token is 'Shopify API token. [secret]';
comment on column customer_configs.max_pages is 'Ours: the most pages the domain may store; null is no limit. [none]';
comment on column customer_configs.max_chunks is 'Ours: the most chunks the domain may store; null is no limit. [none]';
comment on column customer_configs.max_monthly_cost_usd is
    'Ours: what the domain''s chat may cost in a month, UTC, in US dollars; null is no limit. [none]';
