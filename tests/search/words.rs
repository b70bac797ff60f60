//! Ranking by words: the formula, whose statistics it uses, and what may be written into a question.

mod formula;
mod index;
mod operator;

use super::*;

/// Stores chunks of these texts under one page of a domain.
fn chunks(client: &mut Client, tenant: &str, page: &str, texts: &str) {
    client.run(&format!(
        "with page as (
            insert into scraped_pages (domain_id, url, status)
            select d.id, 'https://' || d.domain || '/{page}', 'completed' from domains as d where d.domain = '{tenant}'
            on conflict (url) do update set status = 'completed'
            returning id
         )
         insert into page_embeddings (page_id, chunk_text) select p.id, t.text from page as p, ({texts}) as t (text)"
    ));
}

/// The texts of the chunks that ACME's search finds.
fn texts(client: &mut Client, query: &str) -> Vec<String> {
    client.rows(&format!(
        "select chunk_text from frontdesk.hybrid_search('acme.example', $q${query}$q$)"
    ))
}

#[test]
fn a_rare_word_counts_more_than_a_common_one() {
    let (_db, mut client) = two_tenants();
    chunks(
        &mut client,
        "acme.example",
        "page",
        "select 'order number ' || i from generate_series(1, 20) as i union all values ('warranty period'), ('order')",
    );
    assert_eq!(texts(&mut client, "order warranty")[0], "warranty period");
}

#[test]
fn a_quoted_phrase_must_stand_in_a_chunk_and_an_excluded_word_must_not() {
    let (_db, mut client) = two_tenants();
    chunks(
        &mut client,
        "acme.example",
        "page",
        "values ('opening hours in summer'), ('hours of opening'), ('opening hours on sunday'), ('sunday')",
    );
    let mut found = texts(&mut client, "\"opening hours\"");
    found.sort();
    assert_eq!(
        found,
        ["opening hours in summer", "opening hours on sunday"]
    );
    assert_eq!(
        texts(&mut client, "\"opening hours\" -sunday"),
        ["opening hours in summer"]
    );
    assert_eq!(texts(&mut client, "summer -\"opening hours\""), [""; 0]);
    let mut found = texts(&mut client, "open*");
    found.sort();
    assert_eq!(
        found,
        [
            "hours of opening",
            "opening hours in summer",
            "opening hours on sunday"
        ]
    );
}

#[test]
fn pasted_text_finds_what_its_telling_words_say() {
    let (_db, mut client) = two_tenants();
    chunks(
        &mut client,
        "acme.example",
        "page",
        "select 'filler' || i % 40 || ' filler' || i % 7 from generate_series(1, 400) as i union all values ('the sprocket is loose')",
    );
    let pasted = format!(
        "{} sprocket \"-filler1",
        "filler1 filler2 filler3 ".repeat(300)
    );
    assert_eq!(texts(&mut client, &pasted)[0], "the sprocket is loose");
}

#[test]
fn a_long_question_is_answered_by_its_rarest_words_however_large_the_domain() {
    for count in [400, 2_500] {
        let (_db, mut client) = two_tenants();
        chunks(
            &mut client,
            "acme.example",
            "page",
            &format!(
                "select 'filler' || i % 40 || ' word' || i || repeat(' filler' || i % 7, i % 9) from generate_series(1, {count}) as i"
            ),
        );
        client.run(
            "select frontdesk.rebuild_search_statistics('acme.example');
             update page_embeddings set chunk_text = chunk_text || ' word2 word3' where chunk_text like '%word7 %'",
        );
        let numbered = |word: &str, numbers: std::ops::Range<u32>| -> String {
            numbers.map(|number| format!("{word}{number} ")).collect()
        };
        let rarest = numbered("word", 1..33);
        let expected = texts(&mut client, &rarest);
        assert_eq!(expected.len(), 10);
        let long = numbered("filler", 0..40) + &rarest;
        assert_eq!(texts(&mut client, &long), expected, "{count}");
    }
}

#[test]
fn a_word_that_no_chunk_has_stands_for_the_nearest_that_some_have() {
    let (_db, mut client) = two_tenants();
    chunks(
        &mut client,
        "acme.example",
        "page",
        "values ('refund policy'), ('shipping costs'), ('model x100')",
    );
    chunks(&mut client, "globex.example", "page", "values ('refnud')");
    assert_eq!(texts(&mut client, "refnud"), ["refund policy"]);
    assert_eq!(texts(&mut client, "x101"), [""; 0]);
    client.run("select frontdesk.rebuild_search_statistics('acme.example')");
    assert_eq!(texts(&mut client, "shiping"), ["shipping costs"]);
}

#[test]
fn a_synonym_is_found_behind_the_word_itself() {
    let (_db, mut client) = two_tenants();
    chunks(
        &mut client,
        "acme.example",
        "page",
        "values ('a sofa'), ('a couch'), ('a long seat'), ('a table'), ('a chair')",
    );
    client
        .run("select frontdesk.set_synonyms('acme.example', 'sofa', array['couch', 'long seat'])");
    assert_eq!(
        texts(&mut client, "sofa"),
        ["a sofa", "a couch", "a long seat"]
    );
}
