-- Products by page. Kept for applications that still read it; new work goes to entity_catalog.
create table product_catalog (
    id uuid not null default gen_random_uuid(),
    page_id uuid not null,
    sku text,
    name text not null,
    description text,
    price numeric(10,2),
    category text,
    in_stock boolean default true,
    specifications jsonb default '{}',
    search_keywords text,
    extracted_at timestamptz default now(),
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    domain_id uuid,
    constraint product_catalog_pkey primary key (id),
    constraint product_catalog_page_id_key unique (page_id),
    constraint product_catalog_page_id_fkey
        foreign key (page_id) references scraped_pages (id) on delete cascade
);

alter table product_catalog enable row level security;

-- Finds a product by its sku, and keeps skus unique.
create unique index idx_product_catalog_sku_unique on product_catalog (sku) where sku is not null;

-- Joins the products of one domain to their pages from the index alone.
create index idx_product_catalog_page on product_catalog (domain_id, page_id);

-- Lists the products of one category.
create index idx_product_catalog_category on product_catalog (category);

-- Finds what is out of stock.
create index idx_product_catalog_in_stock on product_catalog (in_stock);

-- Finds products in a price range and sorts them by price.
create index idx_product_catalog_price on product_catalog (price);

-- Searches name, description and keywords in English; the cut always fits a tsvector.
create index idx_product_catalog_search on product_catalog
    using gin (to_tsvector('english', left(
        coalesce(name, '') || ' ' || coalesce(description, '') || ' ' || coalesce(search_keywords, ''), 100000)));

-- Finds products by a misspelled or partial name.
create index idx_product_catalog_name_trgm on product_catalog using gin (name gin_trgm_ops);

-- Finds products by their specifications (specifications @> ...).
create index idx_product_catalog_specifications on product_catalog using gin (specifications);

comment on table product_catalog is 'Products by page; superseded by entity_catalog.';
comment on column product_catalog.id is 'Primary key. [none]';
comment on column product_catalog.page_id is 'The page of the product (scraped_pages.id). [none]';
comment on column product_catalog.sku is 'Stock keeping unit, unique where given. [none]';
comment on column product_catalog.name is 'Name. [content]';
comment on column product_catalog.description is 'Description. [content]';
comment on column product_catalog.price is 'Price in the currency of the site. [none]';
comment on column product_catalog.category is 'Category. [content]';
comment on column product_catalog.in_stock is 'Whether it can be bought now. [none]';
comment on column product_catalog.specifications is 'Technical data. [content]';
comment on column product_catalog.search_keywords is 'Further words it should be found by. [content]';
comment on column product_catalog.extracted_at is 'When it was extracted. [none]';
comment on column product_catalog.created_at is 'When the row was written. [none]';
comment on column product_catalog.updated_at is 'When the row last changed. [none]';
comment on column product_catalog.domain_id is
    'Ours: the domain of the page (domains.id), filled by trigger; policies read it. [none]';
