-- $1 configuration, $2 domain, $3 query, $4 synonyms, $5 depth.
-- Any word of the query may match, so that a question finds what answers it; chunks with all of them come first.
-- A synonym counts half of a word that the person typed.
with configuration as materialized (
    select coalesce(
        (select c.oid::regconfig
        from domains as d
        join pg_ts_config as c on c.cfgname = d.text_search_config and pg_ts_config_is_visible(c.oid)
        where d.id = $2),
        'english'::regconfig) as name
),
-- Pasted text is cut to its first 64 different words.
words as materialized (
    select string_agg(quote_literal(w.lexeme), ' | ')::tsquery as query
    from (
        select t.lexeme
        from configuration as c, unnest(to_tsvector(c.name, left($3, 20000))) as t
        order by t.positions[1]
        limit 64
    ) as w
),
alternatives as materialized (
    select string_agg(p.query::text, ' | ')::tsquery as query
    from (
        select phraseto_tsquery(c.name, s.synonym) as query
        from configuration as c, unnest($4::text[]) as s (synonym)
    ) as p
    where numnode(p.query) > 0
),
question as materialized (
    select coalesce(w.query, ''::tsquery) as words, coalesce(a.query, ''::tsquery) as alternatives,
        coalesce(w.query, ''::tsquery) || coalesce(a.query, ''::tsquery) as anything,
        websearch_to_tsquery(c.name, left($3, 20000)) as everything
    from words as w, alternatives as a, configuration as c
)
select e.id, (ts_rank(e.search_vector, q.words, 1) + 0.5 * ts_rank(e.search_vector, q.alternatives, 1))::real as score
from question as q
join page_embeddings as e on e.search_vector @@ q.anything
where e.domain_id = $1
order by (e.search_vector @@ q.everything) desc, score desc, e.id
limit $5
