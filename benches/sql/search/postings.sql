-- $1 configuration: its words chunk by chunk, for a calculation of scores that shares nothing with the index
create table bench.postings as
select e.id, u.lexeme, coalesce(cardinality(u.positions), 1) as frequency
from page_embeddings as e
cross join lateral unnest(e.search_vector) as u
where e.domain_id = $1;
create index on bench.postings (lexeme) include (id, frequency);
create table bench.lengths as
select p.id, sum(p.frequency) as length from bench.postings as p group by p.id;
create unique index on bench.lengths (id) include (length);
vacuum analyze bench.postings;
vacuum analyze bench.lengths;
