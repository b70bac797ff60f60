-- $1 lexemes: the ten highest BM25 scores (k1 1.2, b 0.75, all fields alike)
with totals as materialized (
    select count(*)::double precision as documents, avg(l.length)::double precision as average from bench.lengths as l
),
words as materialized (
    select w.lexeme, ln(1 + (t.documents - count(*) + 0.5) / (count(*) + 0.5)) as idf
    from totals as t
    cross join unnest($1::text[]) as w (lexeme)
    join bench.postings as p on p.lexeme = w.lexeme
    group by w.lexeme, t.documents
)
select sum(w.idf * 2.2 * p.frequency / (p.frequency + 1.2 * (0.25 + 0.75 * l.length / t.average)))::real as score
from words as w
join bench.postings as p on p.lexeme = w.lexeme
join bench.lengths as l on l.id = p.id
cross join totals as t
group by p.id
order by 1 desc
limit 10
