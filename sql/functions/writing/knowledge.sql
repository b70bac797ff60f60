-- What members teach the assistant: examples of good answers, the kind of business and its words.

-- Examples belong to who wrote them, and the policies of training_data say so. These functions run as their caller: they add
-- clear errors, not rights.

create or replace function frontdesk.add_training_data(
    domain text, type text, input_text text, output_text text, metadata jsonb default '{}'
)
returns uuid
language plpgsql volatile
as $$
declare
    domain_name text;
    added uuid;
begin
    perform frontdesk.require_text('type', type);
    perform frontdesk.require_text('input_text', input_text);
    perform frontdesk.require_text('output_text', output_text);
    perform frontdesk.require_object('metadata', metadata);
    select d.name into domain_name from frontdesk.require_domain(domain, 'member') as d;
    insert into training_data (user_id, domain, type, input_text, output_text, metadata)
    values (
        frontdesk.current_user_id(), domain_name, btrim(add_training_data.type), add_training_data.input_text,
        add_training_data.output_text, add_training_data.metadata
    )
    returning id into added;
    return added;
end
$$;

comment on function frontdesk.add_training_data is
    'Adds an example of a good answer for a domain, in the caller''s name, and returns its id. For members, admins, owners '
    'and operators. Raises 22023 for a blank text or metadata that is no object, 42501 when the role is too low, P0002 when '
    'the domain is unknown or somebody else''s, 54000 for metadata above 1 MB, 22004 for NULL.';

create or replace function frontdesk.update_training_data(
    example_id uuid, input_text text default null, output_text text default null, type text default null,
    metadata jsonb default null
)
returns void
language plpgsql volatile
as $$
begin
    perform frontdesk.require_value('example_id', example_id);
    perform frontdesk.require_text('input_text', coalesce(input_text, 'as it is'));
    perform frontdesk.require_text('output_text', coalesce(output_text, 'as it is'));
    perform frontdesk.require_text('type', coalesce(type, 'as it is'));
    perform frontdesk.require_object('metadata', coalesce(metadata, '{}'));
    update training_data as t
    set input_text = coalesce(update_training_data.input_text, t.input_text),
        output_text = coalesce(update_training_data.output_text, t.output_text),
        type = coalesce(btrim(update_training_data.type), t.type),
        metadata = coalesce(update_training_data.metadata, t.metadata)
    where t.id = example_id;
    if not found then
        perform frontdesk.refuse_training_change(example_id);
    end if;
end
$$;

comment on function frontdesk.update_training_data is
    'Changes an example of the caller''s while it is pending; what is NULL or left out stays. Raises 22023 for a blank text '
    'or metadata that is no object, 42501 when the caller''s role has become too low, P0002 when there is no such example of '
    'theirs, 55000 when it has been processed, 22004 for a NULL id.';

create or replace function frontdesk.remove_training_data(example_id uuid)
returns void
language plpgsql volatile
as $$
begin
    perform frontdesk.require_value('example_id', example_id);
    delete from training_data as t where t.id = example_id;
    if not found then
        perform frontdesk.refuse_training_change(example_id);
    end if;
end
$$;

comment on function frontdesk.remove_training_data is
    'Removes an example of the caller''s. Raises 42501 when the caller''s role has become too low, P0002 when there is no '
    'such example of theirs, 22004 for NULL.';

create or replace function frontdesk.refuse_training_change(example_id uuid)
returns void
language plpgsql stable
as $$
declare
    present constant text := (select coalesce(t.status, '') from training_data as t where t.id = example_id);
begin
    if present is null then
        raise exception using
            errcode = 'no_data_found',
            message = 'the example does not exist or is not yours',
            hint = 'select id, input_text from training_data; lists yours.';
    elsif present <> 'pending' then
        raise exception using
            errcode = 'object_not_in_prerequisite_state',
            message = 'the example has been processed and cannot be changed',
            hint = 'Remove it and add another.';
    end if;
    raise exception using
        errcode = 'insufficient_privilege',
        message = 'this needs the role member or a higher one in the domain''s organization',
        hint = 'Ask an admin of the organization.';
end
$$;

comment on function frontdesk.refuse_training_change is
    'Says why a change of an example touched nothing.';

-- Definer: an admin exports what all members of the domain's organization have written.
create or replace function frontdesk.export_training_data(domain text, type text default null)
returns setof text
language plpgsql stable security definer rows 1000
as $$
declare
    domain_name text;
begin
    select d.name into domain_name from frontdesk.require_domain(domain, 'admin') as d;
    return query
        select json_build_object('messages', json_build_array(
            json_build_object('role', 'user', 'content', t.input_text),
            json_build_object('role', 'assistant', 'content', t.output_text)
        ))::text
        from training_data as t
        where t.domain = domain_name and (export_training_data.type is null or t.type = export_training_data.type)
        order by t.created_at, t.id;
end
$$;

comment on function frontdesk.export_training_data is
    'All examples of a domain, of one type or of every type, as JSON Lines for fine-tuning: {"messages": [{"role": "user", '
    '"content": ...}, {"role": "assistant", "content": ...}]}, oldest first. For admins, owners and operators. Raises 42501 '
    'when the role is too low, P0002 when the domain is unknown or somebody else''s, 22004 for a NULL domain.';

-- Definer: classifications are written through these functions only.
create or replace function frontdesk.set_business_classification(
    domain text, business_type text, confidence double precision default null, indicators text[] default null,
    extraction_config jsonb default null, entity_terminology jsonb default null
)
returns uuid
language plpgsql volatile security definer
as $$
declare
    config uuid;
    classification uuid;
begin
    perform frontdesk.require_text('business_type', business_type);
    perform frontdesk.require_object('extraction_config', coalesce(extraction_config, '{}'));
    perform frontdesk.require_object('entity_terminology', coalesce(entity_terminology, '{}'));
    config := frontdesk.require_config(domain, 'admin');
    if confidence not between 0 and 1 then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = format('confidence must be between 0 and 1, got %s', confidence),
            hint = 'Leave it out when a person decided.';
    end if;
    insert into business_classifications as b
        (domain_id, business_type, confidence, indicators, extraction_config, entity_terminology)
    values (
        config, lower(btrim(set_business_classification.business_type)), set_business_classification.confidence,
        set_business_classification.indicators, set_business_classification.extraction_config,
        set_business_classification.entity_terminology
    )
    on conflict on constraint business_classifications_domain_id_key do update
    set business_type = excluded.business_type, confidence = excluded.confidence, indicators = excluded.indicators,
        extraction_config = coalesce(excluded.extraction_config, b.extraction_config),
        entity_terminology = coalesce(excluded.entity_terminology, b.entity_terminology),
        classified_at = now()
    returning b.id into classification;
    return classification;
end
$$;

comment on function frontdesk.set_business_classification is
    'Sets what kind of business a domain is (ecommerce, restaurant, ...), how sure that is and what it was told by; '
    'extraction_config and entity_terminology stay when they are left out. Returns the id of the classification. For admins, '
    'owners and operators. Raises 22023 for a blank type, a confidence outside 0 to 1 or settings that are no object, 42501 '
    'when the role is too low, P0002 when the domain is unknown or somebody else''s, 54000 above 1 MB, 55000 when the domain '
    'has no configuration, 22004 for a NULL domain or type.';

-- Definer: as set_business_classification.
create or replace function frontdesk.set_business_terminology(domain text, terminology jsonb)
returns void
language plpgsql volatile security definer
as $$
declare
    config uuid;
begin
    perform frontdesk.require_object('terminology', terminology);
    config := frontdesk.require_config(domain, 'member');
    -- Nobody has said what kind of business it is, but its words are known.
    insert into business_classifications (domain_id, business_type, entity_terminology)
    values (config, 'other', terminology)
    on conflict on constraint business_classifications_domain_id_key do update
    set entity_terminology = excluded.entity_terminology;
end
$$;

comment on function frontdesk.set_business_terminology is
    'Sets what a domain calls what it offers, a JSON object such as {"entity": "dish", "entity_plural": "dishes"}. For '
    'members, admins, owners and operators. Raises 22023 when it is no object, 42501 when the role is too low, P0002 when '
    'the domain is unknown or somebody else''s, 54000 above 1 MB, 55000 when the domain has no configuration, 22004 for NULL.';
