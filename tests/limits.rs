//! Credentials that nobody reads from the database, and limits that hold.

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, Database, GLOBEX, Identity, sqlstate};

fn two_tenants() -> (Database, Client) {
    let database = Database::new();
    let mut client = database.superuser();
    ACME.create(&mut client);
    GLOBEX.create(&mut client);
    (database, client)
}

/// A database whose server has a keyring. All tests of a cluster share the file.
fn with_keyring() -> (Database, Client) {
    let (database, mut client) = two_tenants();
    match client.batch_execute("select frontdesk.create_keyring()") {
        Ok(()) => {}
        Err(error) => assert_eq!(sqlstate(&error), "55000", "{error:?}"),
    }
    (database, client)
}

fn stored(client: &mut Client) -> String {
    client
        .query_one(
            "select encrypted_credentials::text from customer_configs where domain = $1",
            &[&ACME.domain()],
        )
        .expect("read as superuser")
        .get(0)
}

const SECRET: &str = "a key that nobody must see";

fn set(client: &mut Client) {
    client
        .execute(
            "select frontdesk.set_credentials($1, 'shopify', jsonb_build_object('token', $2::text))",
            &[&ACME.domain(), &SECRET],
        )
        .expect("set credentials");
}

#[test]
fn credentials_are_sealed_and_only_operators_open_them() {
    let (database, mut client) = with_keyring();
    set(&mut database.session(&ACME.person("admin")));
    assert!(!stored(&mut client).contains(SECRET));

    let get = "select frontdesk.get_credentials($1, 'shopify') ->> 'token'";
    let opened: String = database
        .session(&Identity::Service)
        .query_one(get, &[&ACME.domain()])
        .expect("an operator reads credentials")
        .get(0);
    assert_eq!(opened, SECRET);
    for identity in [
        ACME.person("owner"),
        ACME.chat_server(),
        GLOBEX.person("owner"),
    ] {
        let error = database
            .session(&identity)
            .query(get, &[&ACME.domain()])
            .expect_err("not an operator");
        assert_eq!(sqlstate(&error), "42501", "{identity:?}");
    }
}

#[test]
fn members_viewers_and_strangers_set_no_credentials() {
    let (database, mut client) = with_keyring();
    for identity in [
        ACME.person("member"),
        ACME.person("viewer"),
        GLOBEX.person("owner"),
    ] {
        let error = database
            .session(&identity)
            .execute(
                "select frontdesk.set_credentials($1, 'shopify', '{}')",
                &[&ACME.domain()],
            )
            .expect_err("the role is too low");
        assert_eq!(sqlstate(&error), "P0002", "{identity:?}");
    }
    let is_null: bool = client
        .query_one(
            "select encrypted_credentials is null from customer_configs where domain = $1",
            &[&ACME.domain()],
        )
        .expect("read")
        .get(0);
    assert!(is_null);
}

#[test]
fn a_sealed_value_opens_for_no_other_tenant() {
    let (database, mut client) = with_keyring();
    set(&mut database.session(&ACME.person("admin")));
    client
        .execute(
            "update customer_configs set encrypted_credentials =
                 (select encrypted_credentials from customer_configs where domain = $1)
             where domain = $2",
            &[&ACME.domain(), &GLOBEX.domain()],
        )
        .expect("copy the sealed value");
    let error = database
        .session(&Identity::Service)
        .query(
            "select frontdesk.get_credentials($1, 'shopify')",
            &[&GLOBEX.domain()],
        )
        .expect_err("it belongs elsewhere");
    assert_eq!(sqlstate(&error), "55000");
}

#[test]
fn a_new_key_seals_again_what_older_ones_sealed() {
    let (database, mut client) = with_keyring();
    set(&mut client);
    let before = stored(&mut client);
    client
        .batch_execute("select frontdesk.rotate_keyring()")
        .expect("add a key");
    let mut operator = database.session(&Identity::Service);
    let mut rotate = || -> i32 {
        operator
            .query_one("select frontdesk.rotate_credentials()", &[])
            .expect("rotate")
            .get(0)
    };
    assert_eq!(rotate(), 1);
    assert_eq!(rotate(), 0);
    assert_ne!(before, stored(&mut client));
    let opened: String = client
        .query_one(
            "select frontdesk.get_credentials($1, 'shopify') ->> 'token'",
            &[&ACME.domain()],
        )
        .expect("open")
        .get(0);
    assert_eq!(opened, SECRET);
}

#[test]
fn null_removes_credentials() {
    let (_database, mut client) = with_keyring();
    set(&mut client);
    client
        .execute(
            "select frontdesk.set_credentials($1, 'shopify', null)",
            &[&ACME.domain()],
        )
        .expect("remove");
    assert_eq!(stored(&mut client), "{}");
}

#[test]
fn the_path_of_the_keyring_is_shown_to_superusers_only() {
    let (database, _client) = with_keyring();
    let error = database
        .session(&ACME.person("owner"))
        .query("show frontdesk.keyring_file", &[])
        .expect_err("the setting is for superusers");
    assert!(["42501", "42704"].contains(&sqlstate(&error)), "{error:?}");
}

fn requests(client: &mut Client, key: &str, count: usize) -> Vec<bool> {
    (0..count)
        .map(|_| {
            client
                .query_one(
                    "select allowed from frontdesk.check_rate_limit($1, $2)",
                    &[&ACME.domain(), &key],
                )
                .expect("count a request")
                .get(0)
        })
        .collect()
}

#[test]
fn a_key_has_its_minutes_requests_and_no_more() {
    let (database, mut client) = two_tenants();
    client
        .execute(
            "update customer_configs set rate_limit = 3 where domain = $1",
            &[&ACME.domain()],
        )
        .expect("set the limit");
    let mut server = database.session(&ACME.chat_server());
    assert_eq!(
        requests(&mut server, "192.0.2.1", 5),
        [true, true, true, false, false]
    );
    assert_eq!(
        requests(&mut server, "192.0.2.2", 1),
        [true],
        "another key has its own requests"
    );
    let (remaining, seconds): (Option<i32>, f64) = {
        let row = server
            .query_one(
                "select remaining, extract(epoch from retry_after)::float8 from frontdesk.check_rate_limit($1, '192.0.2.1')",
                &[&ACME.domain()],
            )
            .expect("count a request");
        (row.get(0), row.get(1))
    };
    assert_eq!(remaining, Some(0));
    assert!(
        seconds > 0.0 && seconds <= 20.0,
        "one of three requests a minute comes back within 20 s, got {seconds}"
    );
}

#[test]
fn concurrent_requests_are_counted_exactly() {
    let (database, mut client) = two_tenants();
    client
        .execute(
            "update customer_configs set rate_limit = 10 where domain = $1",
            &[&ACME.domain()],
        )
        .expect("set the limit");
    let allowed: usize = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4)
            .map(|_| {
                let mut server = database.session(&ACME.chat_server());
                scope.spawn(move || {
                    requests(&mut server, "one visitor", 10)
                        .into_iter()
                        .filter(|allowed| *allowed)
                        .count()
                })
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().expect("a worker"))
            .sum()
    });
    // One request comes back every six seconds: a slow machine may see one or two of them.
    assert!(
        (10..=14).contains(&allowed),
        "{allowed} of 40 requests were allowed"
    );
}

#[test]
fn a_limit_of_null_is_none_and_of_zero_is_nothing() {
    let (database, mut client) = two_tenants();
    let mut server = database.session(&ACME.chat_server());
    for (limit, expected) in [("null", true), ("0", false)] {
        client
            .batch_execute(&format!("update customer_configs set rate_limit = {limit}"))
            .expect("set the limit");
        assert_eq!(
            requests(&mut server, "a visitor", 2),
            [expected; 2],
            "{limit}"
        );
    }
}

#[test]
fn keys_of_a_limit_are_stored_as_digests() {
    let (database, mut client) = two_tenants();
    requests(
        &mut database.session(&ACME.chat_server()),
        "jane@mail.example",
        1,
    );
    let rows: String = client
        .query_one("select string_agg(encode(key_digest, 'escape'), ' ') from frontdesk_internal.request_rates", &[])
        .expect("read as superuser")
        .get(0);
    assert!(!rows.contains("jane"));
}

#[test]
fn a_foreign_domain_is_refused_like_an_unknown_one() {
    let (database, _client) = two_tenants();
    let mut server = database.session(&GLOBEX.chat_server());
    for call in [
        "select * from frontdesk.check_rate_limit($1, 'a visitor')",
        "select frontdesk.check_origin($1, 'https://acme.example')",
        "select * from frontdesk.quota_usage($1)",
    ] {
        let answers: Vec<String> = [ACME.domain(), "unknown.example".into()]
            .iter()
            .map(|domain| {
                let error = server.query(call, &[domain]).expect_err("refused");
                assert_eq!(sqlstate(&error), "P0002", "{call}");
                error
                    .as_db_error()
                    .map(|error| error.message().to_owned())
                    .unwrap_or_default()
            })
            .collect();
        assert_eq!(answers[0], answers[1], "{call}");
    }
}

#[test]
fn origins_are_checked_against_the_domains_list() {
    let (database, mut client) = two_tenants();
    client
        .execute(
            "update customer_configs set allowed_origins = array['https://acme.example', '*.partner.example'] where domain = $1",
            &[&ACME.domain()],
        )
        .expect("set the origins");
    let mut server = database.session(&ACME.chat_server());
    for (origin, expected) in [
        (Some("https://acme.example"), true),
        (Some("http://shop.partner.example"), true),
        (Some("https://evil.example"), false),
        (None, false),
    ] {
        let allowed: bool = server
            .query_one(
                "select frontdesk.check_origin($1, $2)",
                &[&ACME.domain(), &origin],
            )
            .expect("check an origin")
            .get(0);
        assert_eq!(allowed, expected, "{origin:?}");
    }
}

#[test]
fn quotas_tell_what_is_used() {
    let (database, mut client) = two_tenants();
    client
        .execute(
            "update customer_configs set max_pages = 5, max_chunks = 100, max_monthly_cost_usd = 0.02 where domain = $1",
            &[&ACME.domain()],
        )
        .expect("set quotas");
    let usage: Vec<(String, String, bool)> = database
        .session(&ACME.person("viewer"))
        .query(
            "select quota, trim_scale(used)::text, is_used_up from frontdesk.quota_usage($1)",
            &[&ACME.domain()],
        )
        .expect("read quotas")
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get(2)))
        .collect();
    let expected = [
        ("pages", "5", true),
        ("chunks", "5", false),
        ("monthly_cost_usd", "0.01", false),
    ];
    assert_eq!(
        usage,
        expected.map(|(quota, used, is_used_up)| (quota.into(), used.into(), is_used_up))
    );
}

const INGEST: &str = "select * from frontdesk.ingest_page($1, $2, '<main><h1>Refunds</h1><p>They take two days.</p></main>')";

#[test]
fn a_page_beyond_the_quota_is_refused_and_nothing_of_it_stays() {
    let (database, mut client) = two_tenants();
    client
        .execute(
            "update customer_configs set max_pages = 6 where domain = $1",
            &[&ACME.domain()],
        )
        .expect("set the quota");
    let mut member = database.session(&ACME.person("member"));
    member
        .query(INGEST, &[&ACME.domain(), &"https://acme.example/sixth"])
        .expect("the sixth page is within the quota");
    let error = member
        .query(INGEST, &[&ACME.domain(), &"https://acme.example/seventh"])
        .expect_err("the seventh is not");
    assert_eq!(sqlstate(&error), "54000");
    member
        .query(INGEST, &[&ACME.domain(), &"https://acme.example/sixth"])
        .expect("a page that is there may come again");
    let pages: i64 = client
        .query_one(
            "select count(*) from scraped_pages where url like 'https://acme.example/se%'",
            &[],
        )
        .expect("count")
        .get(0);
    assert_eq!(pages, 0);
}

#[test]
fn a_quota_that_is_used_up_stops_a_chat_turn() {
    let (database, mut client) = two_tenants();
    let mut server = database.session(&ACME.chat_server());
    let check = "select frontdesk.check_quota($1)";
    server
        .execute(check, &[&ACME.domain()])
        .expect("no quota is no limit");
    client
        .execute(
            "update customer_configs set max_monthly_cost_usd = 0.01 where domain = $1",
            &[&ACME.domain()],
        )
        .expect("set the quota");
    let error = server
        .execute(check, &[&ACME.domain()])
        .expect_err("the month's cost is reached");
    assert_eq!(sqlstate(&error), "54000");
}
