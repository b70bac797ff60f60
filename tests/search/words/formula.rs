//! The formula against plain SQL.

use super::*;

/// BM25 of every chunk of ACME that has one of these lexemes, by the words of the formula.
const PLAIN: &str = "
    with documents as (
        select e.id, w.lexeme, cardinality(w.positions) as tf,
            (select sum(cardinality(l.positions)) from unnest(e.search_vector) as l) as length
        from page_embeddings as e, unnest(e.search_vector) as w
        where e.domain_id = (select id from customer_configs where domain = 'acme.example')
    ),
    corpus as (select count(*) as n, avg(d.length) as average from (select distinct id, length from documents) as d),
    words as (select d.lexeme, count(*) as df from documents as d group by d.lexeme)
    select d.id, sum(ln(1 + (c.n - w.df + 0.5) / (w.df + 0.5))
        * 2.2 * d.tf / (d.tf + 1.2 * (1 - 0.75 + 0.75 * d.length / c.average))) as score
    from documents as d
    join words as w using (lexeme)
    cross join corpus as c
    where d.lexeme = any ($1)
    group by d.id";

/// Settings under which the formula is the textbook's.
const TEXTBOOK: &str = "set frontdesk.bm25_k1 = 1.2; set frontdesk.bm25_b = 0.75;
    set frontdesk.title_weight = 1; set frontdesk.heading_weight = 1";

/// Chunks whose words follow a steep distribution, as words do.
fn corpus(client: &mut Client) {
    chunks(
        client,
        "acme.example",
        "page",
        "select (select string_agg('w' || floor(30 * ((i * 7919 + j * 104729 + i * j) % 1000 / 1000.0) ^ 3)::int, ' ') from generate_series(1, 5 + i % 40) as j)
         from generate_series(1, 300) as i",
    );
}

#[test]
fn scores_equal_a_plain_sql_implementation_and_so_does_the_order() {
    let (_db, mut client) = two_tenants();
    corpus(&mut client);
    client.run(TEXTBOOK);
    for query in ["w0", "w17", "w0 w3 w9 w21", "w29 w28 w27 w2", "w1 unknown"] {
        let words: Vec<&str> = query.split(' ').collect();
        let expected: Vec<(String, f64)> = client
            .query(&format!("select id::text, score::float8 from ({PLAIN}) as s order by score::real desc, id limit 50"), &[&words])
            .expect("plain SQL")
            .iter()
            .map(|row| (row.get(0), row.get(1)))
            .collect();
        let found: Vec<(String, f64)> = client
            .query("select chunk_id::text, text_score::float8 from frontdesk.hybrid_search('acme.example', $1, match_count => 50)", &[&query])
            .expect("search")
            .iter()
            .map(|row| (row.get(0), row.get(1)))
            .collect();
        assert_eq!(found.len(), expected.len(), "{query}");
        for (found, expected) in found.iter().zip(&expected) {
            assert!(
                (found.1 - expected.1).abs() < 1e-6,
                "{query}: {found:?} {expected:?}"
            );
        }
        let scores: Vec<f64> = found.iter().map(|(_, score)| *score).collect();
        assert!(scores.is_sorted_by(|a, b| a >= b), "{query}: {scores:?}");
    }
}

#[test]
fn the_same_tsvectors_have_the_same_scores_to_the_bit_on_every_version_of_postgres() {
    let (_db, mut client) = two_tenants();
    corpus(&mut client);
    let scores = "select string_agg(encode(float4send(text_score), 'hex'), ' ' order by text_rank)
                  from frontdesk.hybrid_search('acme.example', 'w3 w14 w22 w27', match_count => 8)";
    assert_eq!(
        client.row(scores),
        "409f72fe 40908554 408af216 4084d80e 40842602 4083de78 40833052 4081bf4b"
    );
    let all =
        "select md5(string_agg(encode(float4send(text_score), 'hex'), ' ' order by text_rank))
               from frontdesk.hybrid_search('acme.example', 'w0 w1 w2 w5 w9', match_count => 200)";
    assert_eq!(client.row(all), "2fcd61d83007d8d2d380252318053b84");
}

#[test]
fn another_tenants_chunks_change_no_bit_of_a_score() {
    let (_db, mut client) = two_tenants();
    corpus(&mut client);
    let scores = "select string_agg(encode(float4send(text_score), 'hex'), ' ' order by text_rank)
                  from frontdesk.hybrid_search('acme.example', 'w0 w5 w17', match_count => 200)";
    let before = client.row(scores);
    chunks(
        &mut client,
        "globex.example",
        "page",
        "select 'w0 w5 w17 ' || repeat('w17 ', i % 9) from generate_series(1, 500) as i",
    );
    assert_eq!(client.row(scores), before);
    client.run("delete from page_embeddings where chunk_text like 'w0 w5 w17%' and domain_id <> (select id from customer_configs where domain = 'acme.example')");
    assert_eq!(client.row(scores), before);
}

#[test]
fn the_score_does_not_depend_on_what_has_been_folded() {
    let (_db, mut client) = two_tenants();
    corpus(&mut client);
    let scores = "select string_agg(chunk_id || encode(float4send(text_score), 'hex'), ' ' order by text_rank)
                  from frontdesk.hybrid_search('acme.example', 'w0 w5 w17 \"w1 w1\"', match_count => 200)";
    let folded = client.row(scores);
    client.run("update page_embeddings set chunk_text = chunk_text || ' w5' where ctid in (select ctid from page_embeddings order by id limit 40)");
    let noted = client.row(scores);
    assert_ne!(noted, folded);
    let config = ACME.config_id();
    assert_eq!(
        client.row(&format!(
            "select frontdesk.fold_search_changes('{config}', 1)"
        )),
        "40"
    );
    assert_eq!(client.row(scores), noted);
    client.run("select frontdesk.rebuild_search_statistics('acme.example')");
    assert_eq!(client.row(scores), noted);
}
