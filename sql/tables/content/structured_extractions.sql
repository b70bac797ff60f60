-- What was understood from a page: questions with answers, products, contact data. One row per finding; a page may
-- have many.
create table structured_extractions (
    id uuid not null default gen_random_uuid(),
    domain_id uuid not null,
    url text not null,
    extract_type text not null,
    extracted_data jsonb not null,
    confidence_score real,
    extracted_at timestamptz,
    created_at timestamptz default now(),
    constraint structured_extractions_pkey primary key (id),
    constraint structured_extractions_domain_id_fkey
        foreign key (domain_id) references domains (id) on delete cascade,
    constraint url_is_at_most_2048_bytes check (octet_length(url) <= 2048),
    constraint confidence_is_between_0_and_1 check (confidence_score between 0 and 1)
);

alter table structured_extractions enable row level security;

-- Lists the findings of one domain; the cascade from domains.
create index idx_structured_extractions_domain_id on structured_extractions (domain_id);

-- Lists the findings of one kind.
create index idx_structured_extractions_type on structured_extractions (extract_type);

-- Replaces the findings of one page when it is ingested again.
create index idx_structured_extractions_domain_url on structured_extractions (domain_id, url);

comment on table structured_extractions is
    'Structured findings from pages: questions and answers, products, contact data.';
comment on column structured_extractions.id is 'Primary key. [none]';
comment on column structured_extractions.domain_id is 'The domain the page belongs to (domains.id). [none]';
comment on column structured_extractions.url is 'Address of the page, at most 2048 bytes. [content]';
comment on column structured_extractions.extract_type is
    'Kind of finding, for example faq, product or contact. [none]';
comment on column structured_extractions.extracted_data is 'The finding. [content]';
comment on column structured_extractions.confidence_score is 'How sure the extraction is, 0 to 1. [none]';
comment on column structured_extractions.extracted_at is 'When it was extracted. [none]';
comment on column structured_extractions.created_at is 'When the row was written. [none]';
