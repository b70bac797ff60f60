//! What a result says of a chunk.

use super::*;

#[test]
fn a_page_stands_in_a_result_once_when_that_is_asked_for() {
    let (db, mut client) = two_tenants();
    acme(&mut client, "long", "Refund refund refund.", None);
    acme(
        &mut client,
        "short",
        "A refund, among other things that this shop has.",
        None,
    );
    client.run(
        "insert into page_embeddings (page_id, chunk_text)
         select p.id, 'Refund refund ' || i from scraped_pages as p, generate_series(1, 20) as i where p.title = 'long'",
    );
    let mut member = member(&db);
    assert_eq!(
        found(&mut member, "'refund', match_count => 2"),
        ["long", "long"]
    );
    assert_eq!(
        found(
            &mut member,
            "'refund', match_count => 2, best_per_page => true"
        ),
        ["long", "short"]
    );
}

#[test]
fn matched_terms_are_the_words_phrases_and_synonyms_that_a_chunk_has() {
    let (db, mut client) = two_tenants();
    acme(
        &mut client,
        "page",
        "Opening hours of the shop: ask for a sofa.",
        None,
    );
    client.run("select frontdesk.set_synonyms('acme.example', 'couch', array['sofa'])");
    let row = member(&db).row(
        "select matched_terms from frontdesk.hybrid_search('acme.example', '\"opening hours\" for a couch sho*')",
    );
    assert_eq!(row, "{open,hour,sofa,sho:*,\"open <-> hour\"}");
}

#[test]
fn highlights_mark_what_was_found_and_escape_the_rest() {
    let (db, mut client) = two_tenants();
    acme(
        &mut client,
        "english",
        "Refunds &amp; &lt;b&gt;returns&lt;/b&gt;: we''re refunding.",
        None,
    );
    acme(&mut client, "chinese", "我想退款吗", None);
    let mut member = member(&db);
    let mut marked = |query: &str| {
        member.row(&format!(
            "select highlight from frontdesk.hybrid_search('acme.example', '{query}', highlight => true)"
        ))
    };
    assert_eq!(
        marked("refund"),
        "<mark>Refunds</mark> &amp; &lt;b&gt;returns&lt;/b&gt;: we&#39;re <mark>refunding</mark>."
    );
    assert_eq!(marked("退款"), "我想<mark>退款</mark>吗");
    let plain = member
        .row("select highlight, context from frontdesk.hybrid_search('acme.example', 'refund')");
    assert_eq!(plain, "null|null");
}

#[test]
fn neighbours_give_the_text_around_a_chunk_with_what_they_share_once() {
    let (db, mut client) = two_tenants();
    client.run(
        "select frontdesk.ingest_page('acme.example', 'https://acme.example/long', '<title>long</title>' ||
            (select string_agg('<p>Paragraph ' || i || ' of this page is about parcel' || i || '.</p>', '') from generate_series(1, 60) as i),
            max_chars => 200, overlap => 40)",
    );
    let mut member = member(&db);
    let context = |member: &mut Session, arguments: &str| {
        member.row(&format!(
            "select context from frontdesk.hybrid_search('acme.example', 'parcel30', match_count => 1, {arguments})"
        ))
    };
    let row = context(&mut member, "neighbours => 2");
    for number in 28..=32 {
        assert_eq!(row.matches(&format!("parcel{number}.")).count(), 1, "{row}");
    }
    assert!(!row.contains("parcel10."), "{row}");
    let all = member.row(
        "select content like '%' || context || '%' from scraped_pages,
        frontdesk.hybrid_search('acme.example', 'parcel30', match_count => 1, neighbours => 2)",
    );
    assert_eq!(all, "t");
    client.run("update page_embeddings set metadata = '{\"chunk_index\": \"many\"}'");
    let alone = member.row("select context = chunk_text
        from frontdesk.hybrid_search('acme.example', 'parcel30', match_count => 1, neighbours => 2)");
    assert_eq!(alone, "t");
}

#[test]
fn limits_that_make_no_sense_are_refused() {
    let (db, mut client) = two_tenants();
    acme(&mut client, "page", "Refund.", None);
    let mut member = member(&db);
    for (arguments, state, message) in [
        (
            "filter => '[1]'",
            "22023",
            "filter must be a JSON object, got array",
        ),
        (
            "max_page_age => '-1 day'",
            "22023",
            "max_page_age must not be negative",
        ),
        (
            "neighbours => 11",
            "22023",
            "neighbours must be between 0 and 10, got 11",
        ),
        (
            "neighbours => -1",
            "22023",
            "neighbours must be between 0 and 10, got -1",
        ),
        (
            "best_per_page => null",
            "22004",
            "argument \"best_per_page\" must not be null",
        ),
    ] {
        let call = format!("select frontdesk.hybrid_search('acme.example', 'refund', {arguments})");
        assert_eq!(member.refusal(&call), state, "{arguments}");
        let error = member.batch_execute(&call).expect_err("refused");
        let refused = error.as_db_error().expect("an error of the server");
        assert_eq!(refused.message(), message, "{arguments}");
    }
}
