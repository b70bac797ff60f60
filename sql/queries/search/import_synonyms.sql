-- $1 configuration, $2 whether other terms are removed, $3 rules: [{"term", "synonyms", "priority"}]
with rules as materialized (
    select r.term, r.synonyms, r.priority
    from jsonb_to_recordset($3::jsonb) as r (term text, synonyms text[], priority integer)
),
kept as materialized (
    select d.term, (d.synonyms, d.priority, d.one_way) is not distinct from (r.synonyms, r.priority, true) as is_same
    from domain_synonym_mappings as d
    join rules as r on r.term = d.term
    where d.domain_id = $1
),
removed as (
    delete from domain_synonym_mappings as d
    where d.domain_id = $1 and $2 and not exists (select from rules as r where r.term = d.term)
    returning 1
),
written as (
    insert into domain_synonym_mappings as d (domain_id, term, synonyms, priority, one_way)
    select $1, r.term, r.synonyms, r.priority, true
    from rules as r
    where not exists (select from kept as k where k.term = r.term and k.is_same)
    on conflict (domain_id, term) do update
    set synonyms = excluded.synonyms, priority = excluded.priority, one_way = excluded.one_way
    returning 1
)
select
    (select count(*) from rules as r where not exists (select from kept as k where k.term = r.term)),
    (select count(*) from kept as k where not k.is_same),
    (select count(*) from kept as k where k.is_same),
    (select count(*) from removed),
    (select count(*) from written)
