//! What a search can be limited to.

use super::*;

/// Three pages of ACME that answer alike: fetched now, fetched long ago, and one whose chunks are marked.
fn three_pages(client: &mut Client) {
    for (page, vector) in [
        ("new", "[1,0,0]"),
        ("old", "[1,0.1,0]"),
        ("terms", "[1,0.2,0]"),
    ] {
        acme(client, page, "A refund takes two weeks.", Some(vector));
    }
    client.run(
        "update scraped_pages set scraped_at = now() - interval '60 days' where title = 'old';
         update page_embeddings set metadata = metadata || '{\"category\": \"legal\", \"tags\": [\"a\", \"b\"], \"content_type\": \"pdf\"}'
         where page_id = (select id from scraped_pages where title = 'terms')",
    );
}

#[test]
fn a_search_is_limited_to_metadata_content_type_and_age_of_the_page() {
    let (db, mut client) = two_tenants();
    three_pages(&mut client);
    let mut member = member(&db);
    for question in ["'refund'", "null, '[1,0,0]'", "'refund', '[1,0,0]'"] {
        let mut limited = |filter: &str| found(&mut member, &format!("{question}, {filter}"));
        assert_eq!(limited("filter => '{\"category\": \"legal\"}'"), ["terms"]);
        assert_eq!(limited("filter => '{\"tags\": [\"b\"]}'"), ["terms"]);
        assert_eq!(limited("content_type => 'pdf'"), ["terms"]);
        assert_eq!(
            limited("content_type => 'page', max_page_age => '30 days'"),
            ["new"]
        );
        assert_eq!(limited("filter => '{\"category\": \"none\"}'"), [""; 0]);
        let mut young = limited("max_page_age => '30 days'");
        young.sort();
        assert_eq!(young, ["new", "terms"]);
    }
}

#[test]
fn a_filter_finds_what_passes_it_however_much_better_the_rest_is() {
    let (db, mut client) = two_tenants();
    acme(&mut client, "better", "Refund refund.", Some("[1,0,0]"));
    acme(
        &mut client,
        "wanted",
        "Much text about many things, a refund too.",
        Some("[0,1,0]"),
    );
    client.run(
        "insert into page_embeddings (page_id, chunk_text, embedding)
         select p.id, 'Refund refund ' || i, '[1,0,0]'
         from scraped_pages as p, generate_series(1, 300) as i
         where p.title = 'better';
         update page_embeddings set metadata = '{\"wanted\": true}'
         where page_id = (select id from scraped_pages where title = 'wanted')",
    );
    let mut member = member(&db);
    for question in ["'refund'", "null, '[1,0,0]'", "'refund', '[1,0,0]'"] {
        let filter = "filter => '{\"wanted\": true}'";
        assert_eq!(
            found(&mut member, &format!("{question}, {filter}")),
            ["wanted"]
        );
    }
}

#[test]
fn a_filter_shows_nothing_of_another_tenant() {
    let (db, mut client) = two_tenants();
    three_pages(&mut client);
    store(
        &mut client,
        "globex.example",
        "theirs",
        "A refund.",
        Some("[1,0,0]"),
    );
    client.run("update page_embeddings set metadata = '{\"category\": \"legal\"}'");
    let mut member = member(&db);
    let mut titles = found(
        &mut member,
        "'refund', '[1,0,0]', filter => '{\"category\": \"legal\"}'",
    );
    titles.sort();
    assert_eq!(titles, ["new", "old", "terms"]);
    assert_eq!(
        member.rows(
            "select f from customer_configs as c, frontdesk.scan_filtered(c.id, null, null, null, null, null) as f
             where c.domain <> 'acme.example'"
        ),
        [""; 0]
    );
}

/// Eight thousand chunks of ACME, numbered: the higher the number, the farther from [1,0,0] and the fewer of its words are "kettle".
fn many_chunks(client: &mut Client) {
    acme(client, "many", "A page.", None);
    client.run(
        "insert into page_embeddings (page_id, chunk_text, embedding, metadata)
         select p.id, 'kettle' || repeat(' word', i / 100), format('[%s,%s,0]', cos(0.5 + i / 4000.0), sin(0.5 + i / 4000.0))::vector,
             jsonb_build_object('number', i, 'even', i % 2 = 0, 'far', i >= 5000)
         from scraped_pages as p, generate_series(0, 7999) as i
         where p.title = 'many'",
    );
}

#[test]
fn of_many_chunks_that_pass_a_filter_the_best_are_found_by_every_route() {
    let (db, mut client) = two_tenants();
    many_chunks(&mut client);
    let mut member = member(&db);
    for route in ROUTES {
        member.run(route);
        for question in ["'kettle'", "null, '[1,0,0]'", "'kettle', '[1,0,0]'"] {
            let mut found = |filter: &str| {
                member.row(&format!(
                    "select count(*), count(*) filter (where e.metadata @> '{filter}'), max((e.metadata ->> 'number')::integer) / 100
                     from frontdesk.hybrid_search('acme.example', {question}, filter => '{filter}') as s
                     join page_embeddings as e on e.id = s.chunk_id"
                ))
            };
            assert_eq!(found("{\"even\": true}"), "10|10|0", "{route} {question}");
            assert_eq!(found("{\"far\": true}"), "10|10|50", "{route} {question}");
        }
    }
}

#[test]
fn where_many_chunks_pass_a_filter_the_best_are_asked_before_all_are_read() {
    let (db, mut client) = two_tenants();
    many_chunks(&mut client);
    let mut member = member(&db);
    let mut work = |filter: &str| {
        member.row(&format!(
            "select f ->> 'passing', (f ->> 'asked')::integer between 1 and 1000
             from (
                 select frontdesk.explain_search('acme.example', 'kettle', '[1,0,0]', filter => '{filter}') -> 'legs' -> 'filter'
             ) as e (f)"
        ))
    };
    assert_eq!(work("{\"even\": true}"), "null|t");
    assert_eq!(work("{\"number\": 7}"), "1|f");
    // The best thousands do not pass.
    assert_eq!(work("{\"far\": true}"), "3000|f");
}
