-- The search vector of an entity: name and identifier A, category B, description C, values of the attributes D.

-- Every part is cut, so that an entity of any size can be stored.
-- Security definer: lets whoever may write an entity read and lock its domain.
create or replace function frontdesk.derive_entity_search()
returns trigger
language plpgsql
security definer
as $$
declare
    config constant regconfig := frontdesk.text_search_config(new.domain_id);
    attribute_values text;
begin
    -- There is no foreign key: this lock makes the deletion of a domain wait for entities that are being written, and
    -- then find them.
    if tg_op = 'INSERT' or new.domain_id <> old.domain_id then
        perform from domains as d where d.id = new.domain_id for key share;
    end if;

    if new.attributes <> '{}' then
        select string_agg(v.value #>> '{}', ' ') into attribute_values
        from (
            select value
            from jsonb_path_query(new.attributes, 'strict $.** ? (@.type() == "string" || @.type() == "number")') as value
            limit 1000
        ) as v;
    end if;

    new.search_vector := setweight(to_tsvector(config, frontdesk.searchable_text(left(new.name, 1000))), 'A')
        || setweight(to_tsvector(config, frontdesk.searchable_text(left(new.primary_identifier, 1000))), 'A')
        || setweight(to_tsvector(config, frontdesk.searchable_text(left(coalesce(new.primary_category, ''), 1000))), 'B')
        || setweight(to_tsvector(config, frontdesk.searchable_text(left(coalesce(new.description, ''), 50000))), 'C')
        || to_tsvector(config, frontdesk.searchable_text(left(coalesce(attribute_values, ''), 30000)));
    return new;
end
$$;

comment on function frontdesk.derive_entity_search() is
    'Trigger: entity_catalog.search_vector of name and identifier (A), category (B), description (C) and attribute values (D).';

create trigger derive_entity_search
    before insert
    or update of domain_id, name, primary_identifier, primary_category, description, attributes, search_vector
    on entity_catalog
    for each row execute function frontdesk.derive_entity_search();
