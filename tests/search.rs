//! Search finds what answers a question, in one tenant.

mod catalog;
mod codes;
mod completion;
mod copies;
mod filters;
mod fusion;
mod isolation;
mod judging;
mod languages;
mod parity;
mod plans;
mod reindex;
mod results;
mod routes;
mod synonyms;
mod words;

use std::env;
use std::sync::mpsc;

use frontdesk_harness::postgres::{Client, Config, NoTls};
use frontdesk_harness::{ACME, Database, GLOBEX, Session, Sql};

/// Every way to the nearest vectors, as settings: all compared, found by codes, by the HNSW index.
pub const ROUTES: [&str; 3] = [
    "set frontdesk.exact_search_limit = 1000000",
    "set frontdesk.exact_search_limit = 0; set frontdesk.code_search_limit = 1000000",
    "set frontdesk.exact_search_limit = 0; set frontdesk.code_search_limit = 0",
];

/// ACME and GLOBEX without their own pages, for a model of three dimensions.
fn two_tenants() -> (Database, Client) {
    let db = Database::new();
    let mut client = db.superuser();
    ACME.create(&mut client);
    GLOBEX.create(&mut client);
    client.run("delete from scraped_pages; select frontdesk.set_embedding_model('test', 3)");
    (db, client)
}

/// Stores a page whose only chunk has this text, and a vector if one is given.
fn store(client: &mut Client, domain: &str, page: &str, text: &str, vector: Option<&str>) {
    client.run(&format!("select frontdesk.ingest_page('{domain}', 'https://{domain}/{page}', '<title>{page}</title><p>{text}')"));
    if let Some(vector) = vector {
        client.run(&format!(
            "update page_embeddings set embedding = '{vector}'
             where page_id = (select id from scraped_pages where url = 'https://{domain}/{page}')"
        ));
    }
}

fn acme(client: &mut Client, page: &str, text: &str, vector: Option<&str>) {
    store(client, "acme.example", page, text, vector);
}

fn member(db: &Database) -> Session {
    db.session(&ACME.person("member"))
}

/// A superuser's session whose notices are sent to `heard`.
fn listening(db: &Database, heard: mpsc::Sender<String>) -> Client {
    let variable = |name| env::var(name).expect("run the tests through `make test`");
    Config::new()
        .host_path(variable("PGHOST"))
        .port(variable("PGPORT").parse().expect("a port"))
        .user(&variable("PGUSER"))
        .dbname(db.name())
        .notice_callback(move |notice| drop(heard.send(notice.message().to_owned())))
        .connect(NoTls)
        .expect("connect")
}

/// The titles of what is found in ACME; `arguments` after the domain.
fn found(client: &mut Client, arguments: &str) -> Vec<String> {
    client.rows(&format!(
        "select title from frontdesk.hybrid_search('acme.example', {arguments})"
    ))
}

#[test]
fn words_find_the_chunks_that_have_them_the_fuller_match_first() {
    let (db, mut client) = two_tenants();
    acme(&mut client, "one", "Refunds take two weeks.", None);
    acme(&mut client, "both", "A refund of the deposit.", None);
    acme(&mut client, "none", "Opening hours.", None);
    let mut member = member(&db);
    assert_eq!(
        found(&mut member, "'When is my DEPOSIT refunded?'"),
        ["both", "one"]
    );
    let row = member.row(
        "select url, chunk_text, heading_path, score > 0 and score <= 1, text_rank, text_score > 0, vector_rank, vector_score
         from frontdesk.hybrid_search('acme.example', 'deposit')",
    );
    assert_eq!(
        row,
        "https://acme.example/both|A refund of the deposit.|null|t|1|t|null|null"
    );
}

#[test]
fn a_vector_finds_its_nearest_chunks_whatever_their_words() {
    let (db, mut client) = two_tenants();
    acme(&mut client, "near", "Alpha", Some("[1,0.1,0]"));
    acme(&mut client, "nearer", "Beta", Some("[2,0,0]"));
    acme(&mut client, "opposite", "Gamma", Some("[-1,0,0]"));
    acme(&mut client, "waiting", "Delta", None);
    let rows = member(&db).rows(
        "select title, vector_rank, round(vector_score::numeric, 3), text_rank, text_score
         from frontdesk.hybrid_search('acme.example', null, '[1,0,0]')",
    );
    assert_eq!(
        rows,
        [
            "nearer|1|1.000|null|null",
            "near|2|0.995|null|null",
            "opposite|3|-1.000|null|null"
        ]
    );
}

#[test]
fn what_both_legs_find_comes_first() {
    let (db, mut client) = two_tenants();
    acme(&mut client, "words", "Refund refund refund.", None);
    acme(&mut client, "vector", "Money comes home.", Some("[1,0,0]"));
    acme(
        &mut client,
        "both",
        "How a refund is paid.",
        Some("[1,0.5,0]"),
    );
    let rows = member(&db).rows(
        "select title, text_rank, vector_rank, round(score::numeric, 4)
         from frontdesk.hybrid_search('acme.example', 'refund', '[1,0,0]', fusion => 'rrf', text_weight => 0.5)",
    );
    // 1/62 + 1/62, and 1/61 each.
    assert_eq!(rows[0], "both|2|2|0.0323");
    let mut others = rows[1..].to_vec();
    others.sort();
    assert_eq!(others, ["vector|null|1|0.0164", "words|1|null|0.0164"]);
}

#[test]
fn a_stop_word_or_nothing_finds_nothing_and_says_nothing() {
    let (db, mut client) = two_tenants();
    acme(&mut client, "page", "The refund of it.", Some("[1,0,0]"));
    client.run("select frontdesk.set_synonyms('acme.example', 'refund', array['it', 'the'])");
    for (query, expected) in [
        ("the", "0"),
        ("", "0"),
        (" \t\n", "0"),
        ("?!", "0"),
        ("refund", "1"),
    ] {
        let (heard, notices) = mpsc::channel();
        let mut listener = listening(&db, heard);
        let search =
            format!("select count(*) from frontdesk.hybrid_search('acme.example', $q${query}$q$)");
        assert_eq!(listener.row(&search), expected, "{query}");
        assert_eq!(
            notices.try_iter().collect::<Vec<_>>(),
            Vec::<String>::new(),
            "{query}"
        );
    }
    let mut member = member(&db);
    // A vector finds it all the same.
    assert_eq!(found(&mut member, "'the', '[1,1,1]'"), ["page"]);
}

#[test]
fn no_query_is_a_pattern_and_none_raises() {
    let (db, mut client) = two_tenants();
    acme(
        &mut client,
        "page",
        "Refunds of C++ books at example.com/it''s cost nothing.",
        None,
    );
    let mut member = member(&db);
    for query in [
        "'",
        "\\",
        "\\'",
        "refund'",
        "a & | ! <-> b",
        "!!!",
        "(((",
        "refund:*",
        "\"unclosed refund",
        "-refund",
        "or",
        "or or refund",
        "C:\\dir\\file",
        "http://example.com/it's?x='y'&z=\\",
        "%_%",
        "refund\u{0301}",
        "🧑‍🚀 refund",
        "\u{202e}refund",
        "<script>refund</script>",
        "a:b:c:d 'x':1A",
    ] {
        member
            .query(
                "select * from frontdesk.hybrid_search('acme.example', $1)",
                &[&query],
            )
            .unwrap_or_else(|error| panic!("{query}: {error:?}"));
    }
    assert_eq!(found(&mut member, "'example.com/it''s'"), ["page"]);
}

#[test]
fn asking_for_more_rows_shows_more_of_the_same_list() {
    let (db, mut client) = two_tenants();
    for page in 0..60 {
        let text = format!("Refund {}", "word ".repeat(page % 7));
        let angle = f64::from(page as u32) / 10.0;
        acme(
            &mut client,
            &format!("p{page}"),
            &text,
            Some(&format!("[{},{},1]", angle.cos(), angle.sin())),
        );
    }
    let mut member = member(&db);
    let all = found(&mut member, "'refund', '[1,0,0]', 200");
    assert_eq!(all.len(), 60);
    for count in [1, 2, 10, 59] {
        assert_eq!(
            found(&mut member, &format!("'refund', '[1,0,0]', {count}")),
            all[..count],
            "{count}"
        );
    }
    assert_eq!(found(&mut member, "'refund', '[1,0,0]'"), all[..10]);
}

#[test]
fn a_page_that_is_marked_deleted_is_not_found() {
    let (db, mut client) = two_tenants();
    for page in ["a", "b", "c"] {
        acme(&mut client, page, "Refund", Some("[1,0,0]"));
    }
    let mut member = member(&db);
    let first = found(&mut member, "'refund', '[1,0,0]', 1").remove(0);
    client.run(&format!(
        "update scraped_pages set status = 'deleted' where title = '{first}'"
    ));
    let rest = found(&mut member, "'refund', '[1,0,0]'");
    assert_eq!(rest.len(), 2);
    assert!(!rest.contains(&first));
    assert_eq!(found(&mut member, "'refund', '[1,0,0]', 1"), rest[..1]);
}

#[test]
fn words_are_stemmed_in_the_language_of_the_domain() {
    let (db, mut client) = two_tenants();
    client.run("update domains set text_search_config = 'german' where domain = 'acme.example'");
    acme(&mut client, "haus", "Zwei alte Häuser", None);
    let mut member = member(&db);
    assert_eq!(found(&mut member, "'Haus'"), ["haus"]);
    // A language that is not installed is no reason to find nothing.
    client.run("update domains set text_search_config = 'klingon' where domain = 'acme.example'");
    assert_eq!(found(&mut member, "'alte'"), ["haus"]);
}

#[test]
fn search_works_in_a_read_only_transaction() {
    let (db, mut client) = two_tenants();
    acme(&mut client, "page", "Refund", Some("[1,0,0]"));
    let mut member = member(&db);
    for route in ROUTES {
        member.run(&format!("{route}; begin read only"));
        assert_eq!(found(&mut member, "'refund', '[1,0,0]'"), ["page"]);
        assert_eq!(
            member.row("select pg_current_xact_id_if_assigned() is null"),
            "t"
        );
        member.run("commit");
    }
}
