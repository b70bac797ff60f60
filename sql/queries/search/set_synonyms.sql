-- $1 configuration, $2 term, $3 synonyms, $4 priority, $5 whether they do not find the term
insert into domain_synonym_mappings (domain_id, term, synonyms, priority, one_way)
values ($1, $2, $3, $4, $5)
on conflict (domain_id, term) do update
set synonyms = excluded.synonyms, priority = excluded.priority, one_way = excluded.one_way
