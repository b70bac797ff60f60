//! A second crawl of real pages embeds again exactly what changed.

use super::*;

const PAGES: [(&str, &str); 2] = [
    ("docs", include_str!("../../src/html/tests/pages/docs.html")),
    ("shop", include_str!("../../src/html/tests/pages/shop.html")),
];

/// The page with a sentence added to its paragraph number `changed`.
fn amended(page: &str, changed: usize) -> String {
    let mut parts: Vec<String> = page.split("</p>").map(str::to_owned).collect();
    if let Some(part) = parts.get_mut(changed) {
        part.push_str(" This sentence is new.");
    }
    parts.join("</p>")
}

fn store(session: &mut Session, domain: &str, page: &str, html: &str) {
    session.run(&format!(
        "select frontdesk.ingest_page('{domain}', 'https://{domain}/{page}', $html${html}$html$, 200, 40)"
    ));
}

/// The hashes of what is embedded of a page of a domain, only of chunks without a vector when so asked.
fn hashes(client: &mut Client, domain: &str, page: &str, waiting: bool) -> Vec<String> {
    client.rows(&format!(
        "select e.content_hash from page_embeddings as e join scraped_pages as p on p.id = e.page_id
         where p.url = 'https://{domain}/{page}' and (e.embedding is null or not {waiting}) order by 1"
    ))
}

/// What is in `all` but not in `known`, each as often as it is more often there.
fn without(mut all: Vec<String>, known: &[String]) -> Vec<String> {
    for hash in known {
        if let Some(at) = all.iter().position(|it| it == hash) {
            all.remove(at);
        }
    }
    all
}

#[test]
fn every_changed_paragraph_of_a_real_page_costs_its_own_chunks_and_no_other() {
    let (db, mut client) = two_tenants();
    let (mut acme, mut globex) = (member(&db), db.session(&GLOBEX.person("member")));
    let (mut again, mut all) = (0, 0);
    for (name, page) in PAGES {
        let paragraphs = page.matches("</p>").count();
        assert!(paragraphs > 2, "{name}");
        for changed in 0..paragraphs {
            store(&mut acme, "acme.example", name, page);
            embed_all(&mut client);
            let old = hashes(&mut client, "acme.example", name, false);
            let html = amended(page, changed);
            // Where nothing was before, everything is cut anew: this is what the page must become.
            client.run("delete from scraped_pages where url like 'https://globex%'");
            store(&mut globex, "globex.example", name, &html);
            let new = hashes(&mut client, "globex.example", name, false);
            all += new.len();

            store(&mut acme, "acme.example", name, &html);
            assert_eq!(hashes(&mut client, "acme.example", name, false), new);
            let waiting = hashes(&mut client, "acme.example", name, true);
            assert_eq!(waiting, without(new, &old), "{name}, paragraph {changed}");
            again += waiting.len();
        }
    }
    assert!(0 < again && again < all, "{again} of {all}");
}

#[test]
fn real_pages_that_come_again_leave_every_row_version_in_its_place() {
    let (db, mut client) = two_tenants();
    let mut acme = member(&db);
    let crawl = |session: &mut Session| {
        for (name, page) in PAGES {
            store(session, "acme.example", name, page);
        }
    };
    crawl(&mut acme);
    embed_all(&mut client);
    let before = row_versions(&mut client);
    acme.run("begin");
    crawl(&mut acme);
    let is_reader = acme.row("select pg_current_xact_id_if_assigned() is null");
    acme.run("commit");
    assert_eq!(is_reader, "t", "who writes a row has a transaction id");
    assert_eq!(row_versions(&mut client), before);
}
