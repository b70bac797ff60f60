-- Synonyms for everybody. Only those that are safe for all are applied; the others depend on the trade and are
-- offered to be adopted per domain.
create table global_synonym_mappings (
    id uuid not null default gen_random_uuid(),
    term text not null,
    synonyms text[] not null,
    is_safe_for_all boolean default true,
    category text,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    one_way boolean not null default false,
    constraint global_synonym_mappings_pkey primary key (id),
    constraint global_synonym_mappings_term_key unique (term)
);

alter table global_synonym_mappings enable row level security;

-- Finds terms by their beginning (term like 'ship%') in any collation; equality has the unique key.
create index idx_global_synonyms_term on global_synonym_mappings (term text_pattern_ops);

-- Expands the words of a question.
create index idx_global_synonyms_safe on global_synonym_mappings (term) where is_safe_for_all;

-- Expands the words of a question that are synonyms of a term (synonyms && array['money back', ...]). A long pending list
-- would be read by every search.
create index idx_global_synonyms_backwards on global_synonym_mappings using gin (synonyms) with (fastupdate = off)
where is_safe_for_all and not one_way;

comment on table global_synonym_mappings is 'Synonyms that apply to every domain.';
comment on column global_synonym_mappings.id is 'Primary key. [none]';
comment on column global_synonym_mappings.term is 'The word or phrase, lower case. [content]';
comment on column global_synonym_mappings.synonyms is 'What else it is called. [content]';
comment on column global_synonym_mappings.is_safe_for_all is 'Whether it means the same in every trade. [none]';
comment on column global_synonym_mappings.category is 'Subject, for example shipping or account. [none]';
comment on column global_synonym_mappings.created_at is 'When the row was written. [none]';
comment on column global_synonym_mappings.updated_at is 'When the row last changed. [none]';
comment on column global_synonym_mappings.one_way is
    'Ours: whether only the term finds its synonyms, and not they the term. [none]';
