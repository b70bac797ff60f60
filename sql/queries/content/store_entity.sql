-- $1 domain, $2 page, $3 url, $4 the entity as JSON text, $5 whether it is the only one of its page. A page with one product is
-- about it and takes it over from a page that lists it; else the page that was first keeps it. What a worker has found out
-- besides stays.
insert into entity_catalog as e (
    domain_id, page_id, entity_type, primary_identifier, name, description, price, primary_category, attributes, is_available,
    source_url
)
select $1, $2, 'product', d.identifier, d.name, d.description, d.price, d.category, d.attributes, d.is_available, $3
from jsonb_to_record($4::jsonb) as d (
    identifier text, name text, description text, price numeric, category text, attributes jsonb, is_available boolean
)
on conflict (domain_id, primary_identifier) do update
set page_id = excluded.page_id, name = excluded.name, description = coalesce(excluded.description, e.description),
    price = coalesce(excluded.price, e.price), primary_category = coalesce(excluded.primary_category, e.primary_category),
    attributes = coalesce(e.attributes, '{}') || excluded.attributes, is_available = excluded.is_available,
    source_url = excluded.source_url, extracted_at = now()
where (e.page_id is null or e.page_id = excluded.page_id or $5)
    and (
        (e.page_id, e.name, e.is_available, e.source_url)
            is distinct from (excluded.page_id, excluded.name, excluded.is_available, excluded.source_url)
        or e.description is distinct from coalesce(excluded.description, e.description)
        or e.price is distinct from coalesce(excluded.price, e.price)
        or e.primary_category is distinct from coalesce(excluded.primary_category, e.primary_category)
        or not coalesce(e.attributes, '{}') @> excluded.attributes
    )
