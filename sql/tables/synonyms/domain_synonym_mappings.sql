-- Synonyms of one domain. For a term that is mapped here the global mapping is not used.
create table domain_synonym_mappings (
    id uuid not null default gen_random_uuid(),
    domain_id uuid not null,
    term text not null,
    synonyms text[] not null,
    priority integer default 0,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    one_way boolean not null default false,
    constraint domain_synonym_mappings_pkey primary key (id),
    constraint domain_synonym_mappings_domain_id_term_key unique (domain_id, term),
    constraint domain_synonym_mappings_domain_id_fkey
        foreign key (domain_id) references customer_configs (id) on delete cascade
);

alter table domain_synonym_mappings enable row level security;

-- Lists the synonyms of one domain, the most important first; a single term has the unique key.
create index idx_domain_synonyms_lookup on domain_synonym_mappings (domain_id, priority desc, term);

-- Expands the words of a question that are synonyms of a domain's term. A long pending list would be read by every search.
create index idx_domain_synonyms_backwards on domain_synonym_mappings using gin (domain_id, synonyms) with (fastupdate = off)
where not one_way;

comment on table domain_synonym_mappings is 'Synonyms of one domain; they override the global ones.';
comment on column domain_synonym_mappings.id is 'Primary key. [none]';
comment on column domain_synonym_mappings.domain_id is 'The configuration (customer_configs.id). [none]';
comment on column domain_synonym_mappings.term is 'The word or phrase, lower case. [content]';
comment on column domain_synonym_mappings.synonyms is 'What else it is called here. [content]';
comment on column domain_synonym_mappings.priority is 'Higher is applied first. [none]';
comment on column domain_synonym_mappings.created_at is 'When the row was written. [none]';
comment on column domain_synonym_mappings.updated_at is 'When the row last changed. [none]';
comment on column domain_synonym_mappings.one_way is
    'Ours: whether only the term finds its synonyms, and not they the term. [none]';
