-- $1 configuration, $2 names: what entries say of them
select s.name, s.synonyms, s.is_term, s.source, s.priority
from frontdesk.synonym_entries($1, $2) as s
