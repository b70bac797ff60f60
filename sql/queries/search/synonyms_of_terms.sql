-- $1 configuration, $2 terms: entries for these terms; those of the domain hide global ones of the same term.
-- Weights: what a customer says of their own words counts a little more than what holds in general.
select distinct on (s.term) s.term, s.synonyms, s.source, s.weight, s.priority
from (
    select d.term, d.synonyms, 'domain' as source, 0.6::real as weight, coalesce(d.priority, 0) as priority, 1 as place
    from domain_synonym_mappings as d
    where d.domain_id = $1 and d.term = any ($2)
    union all
    select g.term, g.synonyms, 'global', 0.5::real, 0, 2
    from global_synonym_mappings as g
    where g.is_safe_for_all and g.term = any ($2)
) as s
order by s.term, s.place
