-- Anything a business offers: products, services, menu items, properties, courses. The kind is free text and the
-- details are json, so no trade needs a table of its own.
create table entity_catalog (
    id uuid not null default gen_random_uuid(),
    domain_id uuid not null,
    page_id uuid,
    entity_type text not null,
    primary_identifier text not null,
    name text not null,
    description text,
    price numeric(10,2),
    primary_category text,
    attributes jsonb default '{}',
    is_available boolean default true,
    search_vector tsvector,
    source_url text,
    extracted_at timestamptz default now(),
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    constraint entity_catalog_pkey primary key (id),
    constraint entity_catalog_domain_id_primary_identifier_key unique (domain_id, primary_identifier),
    constraint entity_catalog_page_id_fkey
        foreign key (page_id) references scraped_pages (id) on delete cascade,
    constraint source_url_is_at_most_2048_bytes check (octet_length(source_url) <= 2048)
);

alter table entity_catalog enable row level security;

-- Lists the entities of one domain.
create index idx_entity_catalog_domain on entity_catalog (domain_id);

-- Lists the entities found on one page; the cascade from scraped_pages.
create index idx_entity_catalog_page_id on entity_catalog (page_id);

-- Lists the entities of one kind.
create index idx_entity_catalog_type on entity_catalog (entity_type);

-- Finds an entity by its identifier when the domain is not known.
create index idx_entity_catalog_identifier on entity_catalog (primary_identifier)
    where primary_identifier is not null;

-- Lists the entities of one category.
create index idx_entity_catalog_category on entity_catalog (primary_category);

-- Finds what is not available.
create index idx_entity_catalog_available on entity_catalog (is_available);

-- Finds entities in a price range and sorts them by price.
create index idx_entity_catalog_price on entity_catalog (price);

-- Searches the entities of one domain by the stored vector.
create index idx_entity_catalog_search on entity_catalog using gin (domain_id, search_vector);

-- Finds entities of one domain by a misspelled or partial name.
create index idx_entity_catalog_name_trgm on entity_catalog using gin (domain_id, name gin_trgm_ops);

-- Finds entities by their attributes (attributes @> ...).
create index idx_entity_catalog_attributes on entity_catalog using gin (attributes);

comment on table entity_catalog is 'Catalog of entities of any kind: products, services, menu items and so on.';
comment on column entity_catalog.id is 'Primary key. [none]';
comment on column entity_catalog.domain_id is 'The domain (domains.id; no foreign key). [none]';
comment on column entity_catalog.page_id is 'The page it was found on (scraped_pages.id). [none]';
comment on column entity_catalog.entity_type is
    'Kind: product, service, menu_item, property, course or any other. [none]';
comment on column entity_catalog.primary_identifier is
    'What identifies it within the domain: sku, listing number, course code. [content]';
comment on column entity_catalog.name is 'Name. [content]';
comment on column entity_catalog.description is 'Description. [content]';
comment on column entity_catalog.price is 'Price in the currency of the site. [none]';
comment on column entity_catalog.primary_category is 'Main category. [content]';
comment on column entity_catalog.attributes is 'All other properties. [content]';
comment on column entity_catalog.is_available is 'Whether it can be had now. [none]';
comment on column entity_catalog.search_vector is
    'Lexemes of name, category and description, filled by trigger. [content]';
comment on column entity_catalog.source_url is 'Address it was extracted from, at most 2048 bytes. [content]';
comment on column entity_catalog.extracted_at is 'When it was extracted. [none]';
comment on column entity_catalog.created_at is 'When the row was written. [none]';
comment on column entity_catalog.updated_at is 'When the row last changed. [none]';
