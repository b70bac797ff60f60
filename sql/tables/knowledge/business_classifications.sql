-- What kind of business a domain is: it decides how entities are called and extracted. One row per configuration.
create table business_classifications (
    id uuid not null default gen_random_uuid(),
    domain_id uuid,
    business_type text not null,
    confidence double precision,
    indicators text[],
    entity_terminology jsonb,
    extraction_config jsonb,
    classified_at timestamptz default now(),
    updated_at timestamptz default now(),
    constraint business_classifications_pkey primary key (id),
    constraint business_classifications_domain_id_key unique (domain_id),
    constraint business_classifications_domain_id_fkey
        foreign key (domain_id) references customer_configs (id) on delete cascade,
    constraint confidence_is_between_0_and_1 check (confidence between 0 and 1)
);

alter table business_classifications enable row level security;

-- Tells the kind of business of a configuration from the index alone, as every chat turn asks.
create index idx_business_classifications_domain on business_classifications (domain_id) include (business_type);

comment on table business_classifications is 'Kind of business of a domain, as classified.';
comment on column business_classifications.id is 'Primary key. [none]';
comment on column business_classifications.domain_id is 'The configuration (customer_configs.id). [none]';
comment on column business_classifications.business_type is
    'ecommerce, restaurant, real_estate, healthcare, education, saas or any other. [none]';
comment on column business_classifications.confidence is 'How sure the classification is, 0 to 1. [none]';
comment on column business_classifications.indicators is 'What on the site spoke for it. [content]';
comment on column business_classifications.entity_terminology is 'What the business calls its entities. [content]';
comment on column business_classifications.extraction_config is
    'How entities are extracted from its pages. [content]';
comment on column business_classifications.classified_at is 'When it was classified. [none]';
comment on column business_classifications.updated_at is 'When the row last changed. [none]';
