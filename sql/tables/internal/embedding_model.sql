-- The model whose vectors page_embeddings.embedding holds, and the one that is taking its place: one row.
create table frontdesk_internal.embedding_model (
    singleton boolean primary key default true,
    name text not null,
    dimensions integer not null,
    set_at timestamptz not null default now(),
    next_name text,
    next_dimensions integer,
    next_set_at timestamptz,
    constraint there_is_one_model check (singleton),
    constraint dimensions_fit_an_hnsw_index check (dimensions between 1 and 2000 and next_dimensions between 1 and 2000)
);

comment on table frontdesk_internal.embedding_model is 'The model whose vectors the database holds.';
comment on column frontdesk_internal.embedding_model.singleton is 'Always true: the table has one row. [none]';
comment on column frontdesk_internal.embedding_model.name is 'Name of the model, as its provider calls it. [none]';
comment on column frontdesk_internal.embedding_model.dimensions is 'Length of its vectors. [none]';
comment on column frontdesk_internal.embedding_model.set_at is 'When it was set. [none]';
comment on column frontdesk_internal.embedding_model.next_name is
    'Name of the model that takes its place; null while none does. [none]';
comment on column frontdesk_internal.embedding_model.next_dimensions is 'Length of its vectors. [none]';
comment on column frontdesk_internal.embedding_model.next_set_at is 'When that began. [none]';

insert into frontdesk_internal.embedding_model (name, dimensions) values ('text-embedding-3-small', 1536);
