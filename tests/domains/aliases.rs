use super::*;

#[test]
fn an_alias_is_owned_once_as_a_name_is() {
    let (db, _) = two_tenants();
    let (acme, globex) = (ACME.person("admin"), GLOBEX.person("admin"));
    let add = call("add_domain_alias('acme.example', 'https://WWW.Acme.shop/')");
    assert_eq!(outcome(&db, &acme, &add), "ok");
    assert_eq!(
        outcome(&db, &acme, &add),
        "ok",
        "the same again changes nothing"
    );
    for (identity, template) in [
        (&globex, "register_domain({globex}, 'acme.shop')"),
        (
            &globex,
            "add_domain_alias('globex.example', 'www.acme.shop')",
        ),
        (&globex, "rename_domain('globex.example', 'acme.shop')"),
        (
            &globex,
            "add_domain_alias('globex.example', 'acme.example')",
        ),
        // Nor for something else of one's own.
        (&acme, "register_domain({acme}, 'acme.shop')"),
    ] {
        assert_eq!(
            outcome(&db, identity, &call(template)),
            "23505",
            "{template}"
        );
    }
    assert_eq!(
        outcome(
            &db,
            &acme,
            &call("add_domain_alias('acme.example', 'www.acme.example')")
        ),
        "22023"
    );
}

#[test]
fn an_alias_names_nothing_by_itself() {
    let (db, _) = two_tenants();
    let owner = ACME.person("owner");
    outcome(
        &db,
        &owner,
        &call("add_domain_alias('acme.example', 'acme.shop')"),
    );
    assert_eq!(
        outcome(&db, &owner, &call("remove_domain('acme.shop')")),
        "P0002"
    );
    let chat = Identity::ChatServer("acme.shop".into());
    assert_eq!(
        one(&mut db.session(&chat), "select count(*)::text from domains").as_deref(),
        Some("0")
    );
}

#[test]
fn giving_up_an_alias_frees_it_and_takes_its_pages_along() {
    let (db, mut client) = two_tenants();
    let mut admin = db.session(&ACME.person("admin"));
    for alias in ["acme.shop", "eu.acme.shop", "other.shop"] {
        admin
            .batch_execute(&call(&format!(
                "add_domain_alias('acme.example', '{alias}')"
            )))
            .expect("add an alias");
    }
    for (number, url) in [
        "https://acme.shop/",
        "http://blog.ACME.shop:8080/a?b#c",
        "https://eu.acme.shop/",
        "https://other.shop/acme.shop/",
        "https://notacme.shop/",
        "https://acme.shop.example/",
    ]
    .iter()
    .enumerate()
    {
        for table in [
            "scraped_pages (domain_id, url)",
            "website_content (domain_id, url)",
        ] {
            let sql = format!("insert into {table} values ($1, $2)");
            client
                .execute(&sql, &[&ACME.domain_id(), url])
                .expect("a page");
        }
        client
            .execute(
                "insert into structured_extractions (domain_id, url, extract_type, extracted_data) values ($1, $2, 'faq', to_jsonb($3::int))",
                &[&ACME.domain_id(), url, &i32::try_from(number).expect("small")],
            )
            .expect("an extraction");
    }
    let removed = counts(
        &mut admin,
        "remove_domain_alias('acme.example', 'www.Acme.Shop')",
    );
    let two_each = ["scraped_pages", "structured_extractions", "website_content"]
        .map(|table| (table.to_owned(), 2));
    assert_eq!(removed, BTreeMap::from(two_each));
    let left =
        "select string_agg(url, ' ' order by url) from scraped_pages where url like '%shop%'";
    assert_eq!(
        one(&mut client, left).as_deref(),
        Some(
            "https://acme.shop.example/ https://eu.acme.shop/ https://notacme.shop/ https://other.shop/acme.shop/"
        )
    );
    assert_eq!(filed_under(&mut client, "acme.shop"), BTreeMap::new());
    assert_eq!(
        outcome(
            &db,
            &GLOBEX.person("admin"),
            &call("register_domain({globex}, 'acme.shop')")
        ),
        "ok"
    );
    assert_eq!(
        outcome(
            &db,
            &ACME.person("admin"),
            &call("remove_domain_alias('acme.example', 'acme.shop')")
        ),
        "P0002"
    );
}

#[test]
fn a_domain_has_at_most_a_hundred_aliases() {
    let (db, mut client) = two_tenants();
    client
        .execute(
            "update domains set aliases = array(select 'a' || i || '.example' from generate_series(1, 100) as i) where id = $1",
            &[&ACME.domain_id()],
        )
        .expect("aliases");
    let owner = ACME.person("owner");
    assert_eq!(
        outcome(
            &db,
            &owner,
            &call("add_domain_alias('acme.example', 'a101.example')")
        ),
        "54000"
    );
    assert_eq!(
        outcome(
            &db,
            &owner,
            &call("add_domain_alias('acme.example', 'a100.example')")
        ),
        "ok"
    );
}

#[test]
fn verification_ends_when_the_name_or_the_owner_changes() {
    let (db, mut client) = two_tenants();
    let verified = "select (verified_at is not null)::text from domains where domain like '%acme%'";
    for template in [
        "rename_domain('acme.example', 'acme.test')",
        "transfer_domain('acme.test', {globex})",
    ] {
        let name = one(
            &mut client,
            "select domain from domains where domain like '%acme%'",
        )
        .expect("a name");
        assert_eq!(
            outcome(
                &db,
                &Identity::Service,
                &call(&format!("verify_domain('{name}')"))
            ),
            "ok"
        );
        assert_eq!(one(&mut client, verified).as_deref(), Some("true"));
        assert_eq!(
            outcome(&db, &Identity::Service, &call(template)),
            "ok",
            "{template}"
        );
        assert_eq!(
            one(&mut client, verified).as_deref(),
            Some("false"),
            "{template}"
        );
    }
}
