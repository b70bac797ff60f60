use super::*;

fn put(client: &mut Client, arguments: &str) -> String {
    let call =
        format!("select status from frontdesk.put_website_content('acme.example', {arguments})");
    one(client, &call).expect("a status")
}

#[test]
fn a_text_is_stored_once_for_each_url() {
    let (db, mut client) = two_tenants();
    let mut member = db.session(&ACME.person("member"));
    assert_eq!(
        put(
            &mut member,
            "'HTTPS://www.Acme.example:443/Faq#top', 'Questions', 'At nine.'"
        ),
        "inserted"
    );
    assert_eq!(
        put(
            &mut member,
            "'https://www.acme.example/Faq', 'Questions', 'At nine.'"
        ),
        "unchanged"
    );
    assert_eq!(
        put(
            &mut member,
            "'https://www.acme.example/Faq', null, 'At ten.', 'Hours', '{\"a\": 1}'"
        ),
        "updated"
    );
    let rows = "select string_agg(concat_ws('|', url, title, content, summary, metadata), ', ') from website_content where content = 'At ten.'";
    assert_eq!(
        one(&mut client, rows).as_deref(),
        Some(r#"https://www.acme.example/Faq|At ten.|Hours|{"a": 1}"#)
    );

    let remove = "remove_website_content('acme.example', 'https://www.acme.example/Faq#bottom')";
    for expected in ["true", "false"] {
        assert_eq!(
            one(&mut member, &format!("select frontdesk.{remove}::text")).as_deref(),
            Some(expected)
        );
    }
}

#[test]
fn stored_texts_empty_the_caches() {
    let (db, mut client) = two_tenants();
    let mut member = db.session(&ACME.person("member"));
    assert_eq!(
        put(
            &mut member,
            "'https://acme.example/about', 'About acme', 'We are acme.', 'About'"
        ),
        "unchanged"
    );
    let cached = "select (select count(*) from query_cache) + (select count(*) from search_cache)";
    assert_eq!(
        one(&mut client, &format!("select ({cached})::text")).as_deref(),
        Some("4")
    );
    put(
        &mut member,
        "'https://acme.example/about', 'About acme', 'We were acme.'",
    );
    assert_eq!(
        one(&mut client, &format!("select ({cached})::text")).as_deref(),
        Some("2")
    );
}

#[test]
fn urls_of_others_are_refused() {
    let (db, mut client) = two_tenants();
    client
        .batch_execute(&format!(
            "insert into domains (domain, organization_id) values ('shop.acme.example', '{}')",
            GLOBEX.organization_id()
        ))
        .expect("a name below ACME's");
    let mut owner = db.session(&ACME.person("owner"));
    for url in [
        "https://globex.example/",
        "https://notacme.example/",
        "https://acme.example.evil.example/",
        "https://shop.acme.example/",
        "https://a.shop.acme.example/",
        "https://user:password@acme.example/",
        "ftp://acme.example/",
        "/about",
        "",
    ] {
        for function in [
            "put_website_content('acme.example', {}, 'title', 'content')",
            "remove_website_content('acme.example', {})",
        ] {
            assert_eq!(
                outcome(&mut owner, &function.replace("{}", &format!("'{url}'"))),
                "22023",
                "{function} {url}"
            );
        }
    }
}

#[test]
fn an_alias_brings_its_pages_in() {
    let (db, mut client) = two_tenants();
    client
        .batch_execute(&format!(
            "insert into domains (domain, organization_id) values ('eu.acme.shop', '{}')",
            GLOBEX.organization_id()
        ))
        .expect("a name below the alias");
    let mut admin = db.session(&ACME.person("admin"));
    let calls = [
        "put_website_content('acme.example', '{}', 'title', 'content')",
        "ingest_page('acme.example', '{}', '<p>Content</p>')",
    ];
    for call in calls {
        assert_eq!(
            outcome(&mut admin, &call.replace("{}", "https://acme.shop/a")),
            "22023",
            "{call}"
        );
    }
    assert_eq!(
        outcome(&mut admin, "add_domain_alias('acme.example', 'acme.shop')"),
        "ok"
    );
    for call in calls {
        for url in [
            "https://acme.shop/a",
            "http://WWW.Acme.Shop:80/b",
            "https://blog.acme.shop/",
        ] {
            assert_eq!(
                outcome(&mut admin, &call.replace("{}", url)),
                "ok",
                "{call} {url}"
            );
        }
        // Somebody else has registered a name below the alias.
        assert_eq!(
            outcome(&mut admin, &call.replace("{}", "https://eu.acme.shop/")),
            "22023",
            "{call}"
        );
    }
    // A page on the domain may say that it is known by the alias.
    let page = r#"<link rel="canonical" href="https://acme.shop/canonical"><p>Content</p>"#;
    let call = format!("ingest_page('acme.example', 'https://acme.example/c', '{page}')");
    assert_eq!(outcome(&mut admin, &call), "ok");
    let urls =
        "select string_agg(url, ' ' order by url) from scraped_pages where url like '%shop%'";
    assert_eq!(
        one(&mut client, urls).as_deref(),
        Some(
            "http://www.acme.shop/b https://acme.shop/a https://acme.shop/canonical https://blog.acme.shop/"
        )
    );
    assert_eq!(
        one(
            &mut admin,
            "select frontdesk.remove_page('acme.example', 'https://acme.shop/a')::text"
        )
        .as_deref(),
        Some("true")
    );
}

#[test]
fn a_domain_that_is_switched_off_takes_no_texts() {
    let (db, _) = two_tenants();
    let mut owner = db.session(&ACME.person("owner"));
    owner
        .batch_execute("update domains set active = false")
        .expect("switch off");
    assert_eq!(
        outcome(
            &mut owner,
            "put_website_content('acme.example', 'https://acme.example/', 'a', 'b')"
        ),
        "55000"
    );
    assert_eq!(
        outcome(
            &mut owner,
            "remove_website_content('acme.example', 'https://acme.example/about')"
        ),
        "ok"
    );
}
