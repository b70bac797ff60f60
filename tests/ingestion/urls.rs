//! Which page is which, and whose.

use super::*;

fn urls(client: &mut Client) -> Vec<String> {
    client.rows(&format!(
        "select url from scraped_pages where domain_id = '{}' order by url",
        ACME.domain_id()
    ))
}

#[test]
fn every_spelling_of_a_url_is_one_page() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    let outcomes = [
        "HTTPS://ACME.Example:443/a/../help#top",
        " https://acme.example/help ",
        "https://acme.example./help",
    ]
    .map(|url| ingest_as(&mut member, url, "<p>Help", ""));
    assert_eq!(
        outcomes,
        [
            "inserted|1|1|0|0|t",
            "unchanged|1|0|1|0|f",
            "unchanged|1|0|1|0|f"
        ]
    );
    assert_eq!(urls(&mut client), [URL]);
}

#[test]
fn a_subdomain_belongs_to_its_domain() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    for url in [
        "https://www.acme.example/",
        "https://docs.acme.example/",
        "http://a.b.acme.example:8080/x?y=z",
    ] {
        assert!(
            ingest_as(&mut member, url, "<p>Help", "").starts_with("inserted"),
            "{url}"
        );
    }
    assert_eq!(urls(&mut client).len(), 3);
}

#[test]
fn a_url_elsewhere_is_refused() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    let before = row_versions(&mut client);
    for url in [
        "https://globex.example/page/1",
        "https://notacme.example/",
        "https://acme.example.evil.test/",
        "https://example/",
        "https://acme.example@evil.test/",
        "ftp://acme.example/",
        "javascript:alert(1)",
        "/help",
        "",
    ] {
        assert_eq!(
            member.refusal(&ingest_call(url, "<p>Help", "")),
            "22023",
            "{url}"
        );
    }
    assert_eq!(row_versions(&mut client), before);
}

#[test]
fn a_name_that_another_organization_registered_is_its_own() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    client.run(&format!(
        "select frontdesk.register_domain('{}', 'shop.acme.example')",
        GLOBEX.organization_id()
    ));
    for url in [
        "https://shop.acme.example/",
        "https://www.shop.acme.example/",
        "https://new.shop.acme.example/",
    ] {
        assert_eq!(
            member.refusal(&ingest_call(url, "<p>Help", "")),
            "22023",
            "{url}"
        );
    }
    // A page cannot move there by its own word either.
    let html = "<link rel=canonical href=https://shop.acme.example/help><p>Help";
    assert!(ingest(&mut member, html).starts_with("inserted"));
    assert_eq!(urls(&mut client), [URL]);
    let own = "select status from frontdesk.ingest_page('shop.acme.example', 'https://shop.acme.example/', '<p>Shop')";
    assert_eq!(db.session(&GLOBEX.person("member")).row(own), "inserted");
}

#[test]
fn a_page_of_another_domain_is_not_taken_over() {
    let (db, mut client) = two_tenants();
    client.run(&format!(
        "select frontdesk.register_domain('{}', 'docs.acme.example')",
        ACME.organization_id()
    ));
    let mut member = member(&db);
    let url = "https://docs.acme.example/help";
    let through_docs = format!(
        "select status from frontdesk.ingest_page('docs.acme.example', '{url}', '<p>Docs')"
    );
    assert_eq!(member.row(&through_docs), "inserted");
    let before = row_versions(&mut client);
    assert_eq!(member.refusal(&ingest_call(url, "<p>Other", "")), "22023");
    assert_eq!(row_versions(&mut client), before);
}

#[test]
fn a_page_is_known_by_its_canonical_url() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    let html = "<link rel=canonical href=/manual#part><p>Manual";
    assert_eq!(
        ingest_as(
            &mut member,
            "https://acme.example/manual?session=1",
            html,
            ""
        ),
        "inserted|1|1|0|0|t"
    );
    assert_eq!(urls(&mut client), ["https://acme.example/manual"]);
    let again = html.replace("#part", "");
    assert!(
        ingest_as(
            &mut member,
            "https://acme.example/manual?session=2",
            &again,
            ""
        )
        .starts_with("updated")
    );
    assert_eq!(urls(&mut client).len(), 1);
}

#[test]
fn a_canonical_url_elsewhere_is_not_believed() {
    let (db, mut client) = two_tenants();
    let mut member = member(&db);
    for (place, canonical) in [
        "https://globex.example/page/1",
        "mailto:a@acme.example",
        "http://[",
        "",
    ]
    .iter()
    .enumerate()
    {
        let html = format!("<link rel=canonical href='{canonical}'><p>Help");
        ingest_as(
            &mut member,
            &format!("https://acme.example/{place}"),
            &html,
            "",
        );
    }
    assert_eq!(urls(&mut client).len(), 4);
}
