-- $1 configuration, $2 most names: the terms and synonyms of its entries, and of those that are safe for all
select n.name
from (
    select unnest(d.synonyms || d.term) as name from domain_synonym_mappings as d where d.domain_id = $1
    union all
    select unnest(g.synonyms || g.term) from global_synonym_mappings as g where g.is_safe_for_all
) as n
limit $2
