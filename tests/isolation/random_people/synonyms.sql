-- The synonyms of words, by looking at every entry: those of the domain, and for words of which it says nothing those that are
-- safe for all and whose term is not the domain's.
with asked as (
    select distinct word from unnest(string_to_array('{words}', ' ')) as word
),
entries as (
    select m.term, m.synonyms, m.one_way, 'domain' as source
    from domain_synonym_mappings as m
    where m.domain_id = '{config}'
    union all
    select g.term, g.synonyms, g.one_way, 'global'
    from global_synonym_mappings as g
    where g.is_safe_for_all
        and g.term not in (select m.term from domain_synonym_mappings as m where m.domain_id = '{config}')
),
known as (
    select e.term as name, s.synonym as other, e.source
    from entries as e
    cross join unnest(e.synonyms) as s (synonym)
    union
    select s.synonym, e.term, e.source
    from entries as e
    cross join unnest(e.synonyms) as s (synonym)
    where not e.one_way
)
select k.name, k.other, k.source
from known as k
join asked as a on a.word = k.name
where k.source = 'domain' or not exists (select from known as o where o.name = k.name and o.source = 'domain')
