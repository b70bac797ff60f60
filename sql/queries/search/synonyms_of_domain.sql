-- $1 configuration: its synonyms, terms in order
select d.term, d.synonyms, coalesce(d.priority, 0), d.one_way
from domain_synonym_mappings as d
where d.domain_id = $1
order by d.term
