-- $1 pages and $2 for each its entities as JSON: they replace those found on the pages before. What several pages offer
-- belongs to the last of them. In the order of the key's bytes, as in ingest, so that nobody waits for somebody who waits for
-- them.
with described as materialized (
    select distinct on (p.domain_id, d.primary_identifier collate "C") p.domain_id, p.id as page_id, d.entity_type,
        d.primary_identifier, d.name, d.description, d.price, d.primary_category, coalesce(d.attributes, '{}') as attributes,
        coalesce(d.is_available, true) as is_available, coalesce(d.source_url, p.url) as source_url
    from unnest($1::uuid[], $2::text[]) with ordinality as g (page_id, entities, place)
    join scraped_pages as p on p.id = g.page_id
    cross join jsonb_to_recordset(g.entities::jsonb) as d (
        entity_type text, primary_identifier text, name text, description text, price numeric, primary_category text,
        attributes jsonb, is_available boolean, source_url text
    )
    order by p.domain_id, d.primary_identifier collate "C", g.place desc
),
gone as (
    delete from entity_catalog as e
    where e.page_id = any ($1)
        and not exists (
            select from described as d where d.domain_id = e.domain_id and d.primary_identifier = e.primary_identifier
        )
)
insert into entity_catalog as e (
    domain_id, page_id, entity_type, primary_identifier, name, description, price, primary_category, attributes,
    is_available, source_url, extracted_at
)
select d.domain_id, d.page_id, d.entity_type, d.primary_identifier, d.name, d.description, d.price, d.primary_category,
    d.attributes, d.is_available, d.source_url, now()
from described as d
order by d.domain_id, d.primary_identifier collate "C"
on conflict (domain_id, primary_identifier) do update
set page_id = excluded.page_id, entity_type = excluded.entity_type, name = excluded.name,
    description = excluded.description, price = excluded.price, primary_category = excluded.primary_category,
    attributes = excluded.attributes, is_available = excluded.is_available, source_url = excluded.source_url,
    extracted_at = excluded.extracted_at
