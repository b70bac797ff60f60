-- Indexes of their own for tenants that have most of the vectors. Creating an index needs a privilege on the schema that the
-- owner of the tables lacks, so these functions run with the rights of who calls them: a superuser.

create or replace function frontdesk.create_vector_index(domain text)
returns text
language plpgsql
as $$
declare
    config uuid;
    index_name text;
begin
    config := frontdesk.require_config(domain, 'admin');
    insert into frontdesk_internal.vector_indexes (config_id) values (config) on conflict do nothing;
    select format('page_embeddings_tenant_%s_hnsw_idx', i.number) into index_name
    from frontdesk_internal.vector_indexes as i
    where i.config_id = config;
    if to_regclass(index_name) is null then
        execute format(
            'create index %I on page_embeddings using hnsw (embedding vector_cosine_ops) '
            'with (m = 16, ef_construction = 64) where domain_id = %L',
            index_name, config
        );
    end if;
    return index_name;
end
$$;

comment on function frontdesk.create_vector_index is
    'Gives the vectors of one domain an HNSW index of their own and returns its name, which has a number and no tenant in it. '
    'Worth it for a domain of more than a tenth of a million chunks among many others. Nobody writes chunks while it is being '
    'built; twice is the same as once. For superusers. Raises P0002 for an unknown domain, 55000 for a '
    'domain without configuration, 22004 for NULL.';

create or replace function frontdesk.drop_vector_index(domain text)
returns boolean
language plpgsql
as $$
declare
    config uuid;
    dropped integer;
begin
    config := frontdesk.require_config(domain, 'admin');
    delete from frontdesk_internal.vector_indexes as i where i.config_id = config returning i.number into dropped;
    if dropped is null then
        return false;
    end if;
    execute format('drop index if exists %I', format('page_embeddings_tenant_%s_hnsw_idx', dropped));
    return true;
end
$$;

comment on function frontdesk.drop_vector_index is
    'Drops what create_vector_index made for a domain; whether there was one. Raises as create_vector_index.';
