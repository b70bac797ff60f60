//! Pages as the web has them.

use std::env;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use super::*;

const TEN_MEGABYTES: usize = 10_000_000;

/// The content of the page that was read from `html`.
fn ingest(client: &mut Client, html: &str) -> String {
    client
        .execute(
            "select frontdesk.ingest_page('acme.example', 'https://acme.example/new', $1)",
            &[&html],
        )
        .unwrap_or_else(|error| panic!("{error:?}: {html:.80}"));
    client.row("select content from scraped_pages where url = 'https://acme.example/new'")
}

#[test]
fn broken_html_is_read_as_far_as_it_goes() {
    let (db, _) = two_tenants();
    let mut member = db.session(&ACME.person("member"));
    for (html, expected) in [
        ("", ""),
        ("plain text", "plain text"),
        ("<p>One<p>Two", "One\n\nTwo"),
        ("<b><i>crossed</b></i>", "crossed"),
        ("<p>cut off in a <a href=", "cut off in a"),
        ("<p>never <!-- closed", "never"),
        ("<script>never closed", ""),
        ("</p></div></html>after the end", "after the end"),
        (
            "<p>&amp;&nosuch;&#x1F600;&#0;&#xD800;",
            "&&nosuch;😀\u{FFFD}\u{FFFD}",
        ),
    ] {
        let content = ingest(&mut member, html);
        let text = content.replace(['*', '\\'], "");
        assert_eq!(text, expected, "{html}");
    }
}

#[test]
fn a_page_of_ten_megabytes_is_read_in_bounded_time() {
    let (db, _) = two_tenants();
    let mut member = db.session(&ACME.person("member"));
    let pages = [
        (
            "a comment",
            format!("<p>Text<!--{}-->", "x".repeat(TEN_MEGABYTES)),
        ),
        (
            "nesting",
            format!("{}Text", "<div>".repeat(TEN_MEGABYTES / 5)),
        ),
        (
            "attributes",
            format!("<p {}>Text", "a=b ".repeat(TEN_MEGABYTES / 4)),
        ),
        (
            "a title",
            format!(
                "<title>{}</title><p>Text",
                "long ".repeat(TEN_MEGABYTES / 5)
            ),
        ),
        (
            "headings",
            format!("<p>Text{}", "<h2></h2>".repeat(TEN_MEGABYTES / 9)),
        ),
        ("brackets", "<".repeat(TEN_MEGABYTES)),
    ];
    for (what, html) in pages {
        let started = Instant::now();
        ingest(&mut member, &html);
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "{what}: {:?}",
            started.elapsed()
        );
    }
    assert_eq!(
        member.row("select max(length(title)) <= 1000 from scraped_pages"),
        "t"
    );
}

#[test]
fn a_page_above_the_limit_is_refused() {
    let (db, mut client) = two_tenants();
    let before = state(&mut client);
    let mut member = db.session(&ACME.person("member"));
    for call in [
        "frontdesk.ingest_page('acme.example', 'https://acme.example/new', repeat('x', 33554433))",
        "frontdesk.extract_html(repeat('x', 33554433))",
    ] {
        assert_eq!(
            refused(&mut member, &format!("select {call}")),
            "54000",
            "{call}"
        );
    }
    for call in [
        "frontdesk.ingest_page('acme.example', 'https://acme.example/new', null)",
        "frontdesk.ingest_page('acme.example', null, '<p>Text')",
        "frontdesk.ingest_page('acme.example', 'https://acme.example/new', '<p>Text', metadata => null)",
        "frontdesk.remove_page('acme.example', null)",
        "frontdesk.extract_html(null)",
    ] {
        assert_eq!(
            refused(&mut member, &format!("select {call}")),
            "22004",
            "{call}"
        );
    }
    for call in [
        "frontdesk.ingest_page('acme.example', 'https://acme.example/new', '<p>Text', metadata => '[]')",
        "frontdesk.ingest_page('acme.example', 'https://acme.example/new', '<p>Text', metadata => 'null')",
        "frontdesk.ingest_page('acme.example', 'https://acme.example/' || repeat('x', 2048), '<p>Text')",
        "frontdesk.remove_page('acme.example', 'https://globex.example/page/1')",
    ] {
        assert_eq!(
            refused(&mut member, &format!("select {call}")),
            "22023",
            "{call}"
        );
    }
    assert_eq!(state(&mut client), before);
}

/// psql, which sends what it is given, with the server's answer in words.
fn psql(db: &Database, sql: Vec<u8>) -> String {
    let bin = env::var("FRONTDESK_PG_BIN").expect("run the tests through `make test`");
    let output = Command::new(Path::new(&bin).join("psql"))
        .env("PGCLIENTENCODING", "UTF8")
        .args([
            "--no-psqlrc",
            "--set",
            "VERBOSITY=verbose",
            "--dbname",
            db.name(),
            "--command",
        ])
        .arg(OsString::from_vec(sql))
        .output()
        .expect("start psql");
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn bytes_that_are_no_utf_8_do_not_get_in() {
    let (db, mut client) = two_tenants();
    let before = state(&mut client);
    for bytes in [
        &b"\xff\xfe"[..],
        b"\xc3",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
    ] {
        let call = [
            b"select frontdesk.ingest_page('acme.example', 'https://acme.example/new', '<p>",
            bytes,
            b"')",
        ]
        .concat();
        assert!(psql(&db, call).contains("22021"), "{bytes:?}");
    }
    assert_eq!(
        client.refusal("select frontdesk.extract_html(convert_from('\\xfffe', 'UTF8'))"),
        "22021"
    );
    assert_eq!(state(&mut client), before);
}

#[test]
fn an_error_late_in_an_ingest_leaves_nothing_of_it() {
    let (db, mut client) = two_tenants();
    client.run(
        "alter table page_embeddings add constraint no_teapots check (chunk_text !~ 'teapot')",
    );
    let before = state(&mut client);
    let mut member = db.session(&ACME.person("member"));
    for url in ["https://acme.example/new", "https://acme.example/page/1"] {
        let html = r#"<p>A teapot</p><script type="application/ld+json">{"@type": "Product", "name": "Pot"}</script>"#;
        assert_eq!(
            member.refusal(&format!(
                "select frontdesk.ingest_page('acme.example', '{url}', '{html}')"
            )),
            "23514"
        );
    }
    assert_eq!(state(&mut client), before);
}
