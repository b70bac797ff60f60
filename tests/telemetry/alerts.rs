use frontdesk_harness::postgres::Client;
use frontdesk_harness::{ACME, Database, GLOBEX, Identity, sqlstate};

use super::run;

/// Domain, type and amount of each alert that fires, in order.
fn fired(client: &mut Client) -> Vec<String> {
    let rows = client
        .query(
            "select concat_ws(' ', coalesce(domain, 'all'), alert_type, spent_usd) from frontdesk.check_cost_alerts()",
            &[],
        )
        .expect("check the alerts");
    rows.iter().map(|row| row.get(0)).collect()
}

fn spend(client: &mut Client, at: &str, domain: &str, cost: &str) {
    run(
        client,
        &format!(
            "insert into chat_telemetry (session_id, model, start_time, created_at, domain, cost_usd)
             values ('s', 'm', now(), {at}, {domain}, {cost})"
        ),
    );
}

fn alert(client: &mut Client, domain: &str, kind: &str, threshold: &str) {
    run(
        client,
        &format!(
            "insert into chat_cost_alerts (domain, alert_type, threshold_usd) values ({domain}, '{kind}', {threshold})"
        ),
    );
}

#[test]
fn an_alert_fires_above_its_threshold_and_not_at_it() {
    let db = Database::new();
    let mut client = db.superuser();
    // One transaction, so that the clock stands still.
    run(&mut client, "begin");
    for kind in ["hourly", "daily", "monthly", "per_request"] {
        alert(&mut client, "'a.example'", kind, "0.3");
    }
    spend(&mut client, "now()", "'a.example'", "0.1");
    spend(&mut client, "now()", "'a.example'", "0.2");
    assert!(fired(&mut client).is_empty());
    spend(&mut client, "now()", "'a.example'", "0.000000000000000001");
    let sum = "0.300000000000000001";
    assert_eq!(
        fired(&mut client),
        [
            format!("a.example daily {sum}"),
            format!("a.example hourly {sum}"),
            format!("a.example monthly {sum}")
        ]
    );
    spend(&mut client, "now()", "'a.example'", "0.31");
    assert!(fired(&mut client).contains(&"a.example per_request 0.31".to_owned()));
}

#[test]
fn a_period_begins_on_its_boundary_in_utc_and_counts_nothing_before() {
    let db = Database::new();
    for (kind, unit) in [("hourly", "hour"), ("daily", "day"), ("monthly", "month")] {
        let mut client = db.superuser();
        run(
            &mut client,
            "begin; set local timezone = 'Australia/Lord_Howe'",
        );
        alert(&mut client, "'a.example'", kind, "1");
        let start = format!("date_trunc('{unit}', now(), 'UTC')");
        spend(
            &mut client,
            &format!("{start} - interval '1 microsecond'"),
            "'a.example'",
            "100",
        );
        assert!(fired(&mut client).is_empty(), "{kind}");
        spend(&mut client, &start, "'a.example'", "2");
        assert_eq!(fired(&mut client), [format!("a.example {kind} 2")]);
        let says_when = format!("select period_start = {start} from frontdesk.check_cost_alerts()");
        assert!(
            client
                .query_one(&says_when, &[])
                .expect("one alert")
                .get::<_, bool>(0)
        );
    }
}

#[test]
fn a_single_request_is_watched_for_a_day() {
    let db = Database::new();
    let mut client = db.superuser();
    run(&mut client, "begin");
    alert(&mut client, "'a.example'", "per_request", "1");
    spend(
        &mut client,
        "now() - interval '24 hours 1 second'",
        "'a.example'",
        "5",
    );
    assert!(fired(&mut client).is_empty());
    spend(
        &mut client,
        "now() - interval '23 hours'",
        "'a.example'",
        "4",
    );
    assert_eq!(fired(&mut client), ["a.example per_request 4"]);
}

#[test]
fn an_alert_without_a_domain_is_about_all_domains_together() {
    let db = Database::new();
    let mut client = db.superuser();
    run(&mut client, "begin");
    alert(&mut client, "null", "daily", "5");
    spend(&mut client, "now()", "'a.example'", "3");
    spend(&mut client, "now()", "null", "2.5");
    assert_eq!(fired(&mut client), ["all daily 5.5"]);
}

#[test]
fn callers_see_the_alerts_of_their_own_domains_and_operators_all() {
    let db = Database::new();
    let mut client = db.superuser();
    ACME.create(&mut client);
    GLOBEX.create(&mut client);
    run(
        &mut client,
        "delete from chat_cost_alerts; delete from chat_telemetry",
    );
    alert(&mut client, "null", "monthly", "1");
    for domain in ["'acme.example'", "'globex.example'"] {
        alert(&mut client, domain, "monthly", "2");
        spend(&mut client, "now()", domain, "4");
    }
    assert_eq!(
        fired(&mut db.session(&ACME.person("viewer"))),
        ["acme.example monthly 4"]
    );
    assert_eq!(
        fired(&mut db.session(&Identity::Service)),
        [
            "all monthly 8",
            "acme.example monthly 4",
            "globex.example monthly 4"
        ]
    );
    for identity in [ACME.chat_server(), Identity::Anon] {
        let refused = db
            .session(&identity)
            .query("select frontdesk.check_cost_alerts()", &[])
            .expect_err("refused");
        assert_eq!(sqlstate(&refused), "42501");
    }
}
