-- $1 configuration, $2 term, $3 synonyms, $4 priority
insert into domain_synonym_mappings (domain_id, term, synonyms, priority)
values ($1, $2, $3, $4)
on conflict (domain_id, term) do update set synonyms = excluded.synonyms, priority = excluded.priority
