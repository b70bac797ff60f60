-- From product_catalog, which knows products only, to entity_catalog.

-- Definer: entities are written through functions only; a member migrates the products of their own domains.
create or replace function frontdesk.migrate_products(
    domain text default null, after uuid default null, batch_size integer default 1000
)
returns table (last_id uuid, migrated bigint, unchanged bigint, conflicts jsonb)
language plpgsql volatile security definer rows 1
as $$
declare
    only_domain uuid;
begin
    if domain is not null then
        select d.domain_id into only_domain from frontdesk.require_domain(domain, 'member') as d;
    elsif not frontdesk.caller_is_operator() then
        raise exception using
            errcode = 'insufficient_privilege',
            message = 'only operators migrate the products of all domains',
            hint = 'Name a domain of yours.';
    end if;
    perform frontdesk.require_value('batch_size', batch_size);
    if batch_size not between 1 and 100000 then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = format('batch_size must be between 1 and 100000, got %s', batch_size),
            hint = 'Leave it out for 1000.';
    end if;

    return query
        with batch as materialized (
            select p.*
            from product_catalog as p
            where (only_domain is null or p.domain_id = only_domain)
                and (migrate_products.after is null or p.id > migrate_products.after)
            order by p.id
            limit batch_size
        ),
        described as materialized (
            select b.id, b.domain_id, b.page_id, b.name, b.description, b.price, b.category, b.extracted_at,
                left(coalesce(nullif(btrim(b.sku), ''), s.url || '#' || b.name), 500) as identifier, s.url,
                coalesce(b.in_stock, true) as is_available,
                jsonb_strip_nulls(jsonb_build_object(
                    'sku', b.sku, 'specifications', nullif(b.specifications, '{}'), 'search_keywords', b.search_keywords
                )) as attributes
            from batch as b
            join scraped_pages as s on s.id = b.page_id
            where s.status is distinct from 'deleted'
        ),
        written as (
            insert into entity_catalog as e (
                domain_id, page_id, entity_type, primary_identifier, name, description, price, primary_category, attributes,
                is_available, source_url, extracted_at
            )
            select distinct on (d.domain_id, d.identifier collate "C") d.domain_id, d.page_id, 'product', d.identifier, d.name, d.description,
                d.price, d.category, d.attributes, d.is_available, d.url, d.extracted_at
            from described as d
            order by d.domain_id, d.identifier collate "C", d.id
            on conflict (domain_id, primary_identifier) do update
            set name = excluded.name, description = excluded.description, price = excluded.price,
                primary_category = excluded.primary_category, attributes = e.attributes || excluded.attributes,
                is_available = excluded.is_available, extracted_at = excluded.extracted_at
            where e.page_id = excluded.page_id and e.extracted_at < excluded.extracted_at
            returning e.id, e.domain_id, e.primary_identifier, e.page_id
        ),
        outcome as (
            select d.id, d.identifier, coalesce(w.id, e.id) as entity_id, w.page_id is not distinct from d.page_id as is_written,
                w.id is null and coalesce(e.page_id, d.page_id) = d.page_id as is_there
            from described as d
            left join written as w on w.domain_id = d.domain_id and w.primary_identifier = d.identifier
            left join entity_catalog as e on e.domain_id = d.domain_id and e.primary_identifier = d.identifier
        )
        select (select b.id from batch as b order by b.id desc limit 1),
            count(*) filter (where o.is_written), count(*) filter (where o.is_there),
            coalesce(
                jsonb_agg(
                    jsonb_build_object('product_id', o.id, 'primary_identifier', o.identifier, 'entity_id', o.entity_id)
                    order by o.id
                ) filter (where not o.is_written and not o.is_there),
                '[]'
            )
        from outcome as o;
end
$$;

comment on function frontdesk.migrate_products is
    'Copies one batch of product_catalog, in the order of the ids after the given one, to entity_catalog as entities of type '
    'product, known by their sku, else by the url of their page and their name. Returns the last id of the batch (NULL when '
    'nothing was left: then all is done), how many were written, how many were there already and as new, and as conflicts the '
    'products whose identifier an entity of another page has, which stays as it is. Products of deleted pages are passed '
    'over. Calling it again from the start does no harm. For members, admins and owners of a domain, and for operators, '
    'without a domain for all. Raises 22023 for a batch_size outside 1 to 100000, 42501 when the role is too low, P0002 when '
    'the domain is unknown or somebody else''s.';
