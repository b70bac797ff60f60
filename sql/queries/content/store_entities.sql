-- $1 domain, $2 page, $3 url, $4 entities as JSON text, $5 identifiers of what the page has ceased to declare. In order of
-- the identifiers, so that two pages with the same products do not wait for each other. A page with one product is about it
-- and takes it over from a page that lists it; else the page that was first keeps it. What a worker has found out besides
-- stays.
with described as materialized (
    select distinct on (d.identifier) d.*
    from jsonb_to_recordset($4::jsonb) as d (
        identifier text, name text, description text, price numeric, category text, is_available boolean, attributes jsonb
    )
    order by d.identifier
),
removed as (
    delete from entity_catalog as e
    where e.page_id = $2 and e.primary_identifier = any ($5)
        and not exists (select from described as d where d.identifier = e.primary_identifier)
)
insert into entity_catalog as e (
    domain_id, page_id, entity_type, primary_identifier, name, description, price, primary_category, attributes, is_available,
    source_url
)
select $1, $2, 'product', d.identifier, d.name, d.description, d.price, d.category, d.attributes, d.is_available, $3
from described as d
on conflict (domain_id, primary_identifier) do update
set page_id = excluded.page_id, name = excluded.name, description = coalesce(excluded.description, e.description),
    price = coalesce(excluded.price, e.price), primary_category = coalesce(excluded.primary_category, e.primary_category),
    attributes = coalesce(e.attributes, '{}') || excluded.attributes, is_available = excluded.is_available,
    source_url = excluded.source_url, extracted_at = now()
where (e.page_id is null or e.page_id = excluded.page_id or (select count(*) from described) = 1)
    and (
        (e.page_id, e.name, e.is_available, e.source_url)
            is distinct from (excluded.page_id, excluded.name, excluded.is_available, excluded.source_url)
        or e.description is distinct from coalesce(excluded.description, e.description)
        or e.price is distinct from round(coalesce(excluded.price, e.price), 2)
        or e.primary_category is distinct from coalesce(excluded.primary_category, e.primary_category)
        or not coalesce(e.attributes, '{}') @> excluded.attributes
    )
