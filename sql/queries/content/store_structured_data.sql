-- $1 domain, $2 url, $3 products, $4 questions with answers, both JSON as text: what is no longer on the page goes, what is
-- new comes. Returns the products that went.
with described as materialized (
    select 'product' as extract_type, d.value from jsonb_array_elements($3::jsonb) as d (value)
    union
    select 'faq', d.value from jsonb_array_elements($4::jsonb) as d (value)
),
removed as (
    delete from structured_extractions as x
    where x.domain_id = $1 and x.url = $2 and x.extract_type in ('product', 'faq')
        and (x.extract_type, x.extracted_data) not in (select d.extract_type, d.value from described as d)
    returning x.extract_type, x.extracted_data
),
added as (
    insert into structured_extractions (domain_id, url, extract_type, extracted_data, extracted_at)
    select $1, $2, d.extract_type, d.value, now()
    from described as d
    where not exists (
        select from structured_extractions as x
        where x.domain_id = $1 and x.url = $2 and x.extract_type = d.extract_type and x.extracted_data = d.value
    )
)
select r.extracted_data::text from removed as r where r.extract_type = 'product'
