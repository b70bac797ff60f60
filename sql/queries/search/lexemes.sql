-- $1 domain, $2 texts: the lexemes of each, in order, in the domain's language. Only the beginning of a pasted text counts.
with configuration as materialized (
    select coalesce(
        (select c.oid::regconfig
        from domains as d
        join pg_ts_config as c on c.cfgname = d.text_search_config and pg_ts_config_is_visible(c.oid)
        where d.id = $1),
        'pg_catalog.english'::regconfig) as name
)
select to_tsvector(c.name, left(t.text, 20000))
from configuration as c, unnest($2::text[]) with ordinality as t (text, place)
order by t.place
