-- $1 configuration, $2 domain, $3 query, $4 synonyms, $5 their weights beside a word of the query, $6 depth.
-- Any word of the query may match, so that a question finds what answers it; chunks with all of them, or all of the
-- beginning of a long text, come first.
-- No tsquery is made of what has no lexemes: that would raise a notice.
with configuration as materialized (
    select coalesce(
        (select c.oid::regconfig
        from domains as d
        join pg_ts_config as c on c.cfgname = d.text_search_config and pg_ts_config_is_visible(c.oid)
        where d.id = $2),
        'pg_catalog.english'::regconfig) as name
),
-- Pasted text is cut to its first 64 different words.
words as materialized (
    select string_agg('''' || replace(replace(w.lexeme, E'\\', E'\\\\'), '''', '''''') || '''', ' | ')::tsquery as query
    from (
        select t.lexeme
        from configuration as c, unnest(to_tsvector(c.name, left($3, 20000))) as t
        order by t.positions[1]
        limit 64
    ) as w
),
alternatives as materialized (
    select s.weight, string_agg(phraseto_tsquery(c.name, s.synonym)::text, ' | ')::tsquery as query
    from configuration as c, unnest($4::text[], $5::real[]) as s (synonym, weight)
    where length(to_tsvector(c.name, s.synonym)) > 0
    group by s.weight
),
question as materialized (
    select w.query as words,
        case when w.query is not null then websearch_to_tsquery(c.name, left($3, 1000)) end as everything,
        (
            select string_agg(q.query::text, ' | ')::tsquery
            from (select w.query union all select a.query from alternatives as a) as q
        ) as anything
    from words as w, configuration as c
)
select e.id, (coalesce(ts_rank(e.search_vector, q.words, 1), 0) + coalesce(a.score, 0))::real as score
from question as q
join page_embeddings as e on e.search_vector @@ q.anything
cross join lateral (
    select sum(s.weight * ts_rank(e.search_vector, s.query, 1)) as score
    from alternatives as s
) as a
where e.domain_id = $1
order by (e.search_vector @@ q.everything) desc nulls last, score desc, e.id
limit $6
