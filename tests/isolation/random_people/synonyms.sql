-- The synonyms of words, by looking at every entry.
with asked as (
    select distinct word from unnest(string_to_array('{words}', ' ')) as word
),
own as (
    select m.term, m.synonyms, 'domain' as source
    from domain_synonym_mappings as m
    join asked as a on a.word = m.term
    where m.domain_id = '{config}'
),
everybodys as (
    select m.term, m.synonyms, 'global'
    from global_synonym_mappings as m
    join asked as a on a.word = m.term
    where m.is_safe_for_all and m.term not in (select o.term from own as o)
)
select e.term, s.synonym, e.source
from (select * from own union all select * from everybodys) as e
cross join unnest(e.synonyms) as s (synonym)
