//! One login role acts for people and for domains, a transaction each, and nobody it acts as can do the same.

use std::env;

use frontdesk_harness::postgres::{Client, Config, NoTls};
use frontdesk_harness::{ACME, Database, GLOBEX, Sql};

use crate::support::{one, two_tenants};

/// A database with two tenants and a connection of the gateway's login role, which inherits nothing: it is set up as the
/// comment in sql/functions/tenancy/acting.sql says.
fn gateway() -> (Database, Client) {
    let (db, mut client) = two_tenants();
    // Roles belong to the server: each test has its own.
    let role = format!("gateway_of_{}", db.name());
    client
        .batch_execute(&format!(
            "create role {role} login noinherit;
             grant authenticated, chat_server to {role};
             grant usage on schema frontdesk to {role};
             grant execute on function frontdesk.act_as(uuid), frontdesk.act_as(text) to {role};"
        ))
        .expect("set up the gateway");
    let connection = connect(&db, &role);
    (db, connection)
}

fn connect(db: &Database, role: &str) -> Client {
    let mut config = Config::new();
    config
        .host_path(env::var("PGHOST").expect("PGHOST"))
        .dbname(db.name())
        .user(role);
    if let Some(port) = env::var("PGPORT").ok().and_then(|port| port.parse().ok()) {
        config.port(port);
    }
    config.connect(NoTls).expect("connect as the gateway")
}

fn act_as(role: &str) -> String {
    format!(
        "select frontdesk.act_as(user_id => '{}')",
        ACME.user_id(role)
    )
}

const ACT_AS_DOMAIN: &str = "select frontdesk.act_as(domain => 'https://www.ACME.example')";

/// What an idle connection of a pool must look like.
fn assert_is_nobody(gateway: &mut Client) {
    assert_eq!(
        one(gateway, "select (current_user = session_user)::text").as_deref(),
        Some("true")
    );
    let claims = one(
        gateway,
        "select current_setting('request.jwt.claims', true)",
    );
    assert!(claims.is_none_or(|claims| claims.is_empty()));
    assert_eq!(
        gateway.refusal("select count(*) from organizations"),
        "42501"
    );
    // Whoever forgets to say for whom acts for nobody.
    for role in ["authenticated", "chat_server"] {
        gateway
            .batch_execute(&format!("begin; set local role {role}"))
            .expect("set the role");
        assert_eq!(
            one(gateway, "select count(*)::text from domains").as_deref(),
            Some("0"),
            "{role}"
        );
        assert_eq!(
            one(gateway, "select frontdesk.current_user_id()::text"),
            None
        );
        gateway.batch_execute("rollback").expect("roll back");
    }
}

#[test]
fn acting_lasts_to_the_end_of_the_transaction() {
    for end in ["commit", "rollback"] {
        let (_db, mut gateway) = gateway();
        assert_is_nobody(&mut gateway);
        for _ in 0..2 {
            gateway
                .batch_execute(&format!("begin; {}", act_as("viewer")))
                .expect("act");
            for _ in 0..2 {
                assert_eq!(
                    one(&mut gateway, "select string_agg(domain, ' ') from domains").as_deref(),
                    Some("acme.example")
                );
                assert_eq!(
                    one(&mut gateway, "select current_user::text").as_deref(),
                    Some("authenticated")
                );
            }
            gateway.batch_execute(end).expect("end");
            assert_is_nobody(&mut gateway);

            gateway
                .batch_execute(&format!("begin; {ACT_AS_DOMAIN}"))
                .expect("act");
            assert_eq!(
                one(&mut gateway, "select count(*)::text from messages").as_deref(),
                Some("2")
            );
            assert_eq!(
                one(&mut gateway, "select current_user::text").as_deref(),
                Some("chat_server")
            );
            assert_eq!(
                gateway.refusal("select count(*) from organization_members"),
                "42501"
            );
            gateway.batch_execute("rollback").expect("roll back");
            assert_is_nobody(&mut gateway);
        }
    }
}

#[test]
fn a_savepoint_that_is_rolled_back_takes_the_acting_with_it() {
    let (_db, mut gateway) = gateway();
    gateway
        .batch_execute(&format!(
            "begin; savepoint before; {}; rollback to before",
            act_as("owner")
        ))
        .expect("act and go back");
    assert_eq!(
        one(&mut gateway, "select (current_user = session_user)::text").as_deref(),
        Some("true")
    );
    gateway
        .batch_execute(ACT_AS_DOMAIN)
        .expect("act as another");
    assert_eq!(
        one(&mut gateway, "select count(*)::text from conversations").as_deref(),
        Some("1")
    );
    gateway.batch_execute("commit").expect("commit");
    assert_is_nobody(&mut gateway);
}

#[test]
fn without_a_transaction_acting_ends_with_its_statement() {
    let (_db, mut gateway) = gateway();
    gateway.query(&act_as("owner"), &[]).expect("act");
    assert_is_nobody(&mut gateway);
}

#[test]
fn who_is_acted_as_cannot_act_as_another() {
    let (_db, mut gateway) = gateway();
    for first in [act_as("owner"), ACT_AS_DOMAIN.to_owned()] {
        for second in [act_as("viewer"), ACT_AS_DOMAIN.to_owned()] {
            assert_eq!(
                gateway.refusal(&format!("begin; {first}; {second}")),
                "42501",
                "{first} {second}"
            );
            gateway.batch_execute("rollback").expect("roll back");
            // The gateway itself may, when it has come back to itself.
            gateway
                .batch_execute(&format!("begin; {first}; reset role; {second}; rollback"))
                .expect("act again");
        }
    }
    assert_is_nobody(&mut gateway);
}

#[test]
fn only_a_role_that_the_operator_names_may_act() {
    let (db, mut gateway) = gateway();
    for role in ["authenticated", "chat_server"] {
        for call in [act_as("owner"), ACT_AS_DOMAIN.to_owned()] {
            assert_eq!(
                gateway.refusal(&format!("begin; set local role {role}; {call}")),
                "42501",
                "{role} {call}"
            );
            gateway.batch_execute("rollback").expect("roll back");
        }
    }
    // A login role with EXECUTE that is no member of the roles, and a member without EXECUTE.
    let role = format!("stranger_of_{}", db.name());
    let mut client = db.superuser();
    client
        .batch_execute(&format!(
            "create role {role} login;
             grant usage on schema frontdesk to {role};
             grant execute on function frontdesk.act_as(uuid), frontdesk.act_as(text) to {role};"
        ))
        .expect("a stranger");
    let mut stranger = connect(&db, &role);
    for call in [act_as("owner"), ACT_AS_DOMAIN.to_owned()] {
        assert_eq!(stranger.refusal(&call), "42501", "{call}");
    }
    client
        .batch_execute(&format!(
            "revoke execute on function frontdesk.act_as(uuid), frontdesk.act_as(text) from {role};
             grant authenticated, chat_server, service_role to {role};"
        ))
        .expect("a member");
    for call in [act_as("owner"), ACT_AS_DOMAIN.to_owned()] {
        assert_eq!(stranger.refusal(&call), "42501", "{call}");
    }
}

#[test]
fn what_somebody_left_on_the_connection_does_not_speak() {
    let (_db, mut gateway) = gateway();
    // Claims for the session, of another tenant and in the older form.
    gateway
        .batch_execute(&format!(
            "set request.jwt.claims = '{{\"sub\": \"{0}\", \"role\": \"authenticated\"}}'; set request.jwt.claim.sub = '{0}'",
            GLOBEX.user_id("owner")
        ))
        .expect("leave claims behind");
    for (call, expected) in [
        (act_as("member"), "acme.example"),
        (ACT_AS_DOMAIN.to_owned(), "acme.example"),
    ] {
        gateway
            .batch_execute(&format!("begin; {call}"))
            .expect("act");
        assert_eq!(
            one(&mut gateway, "select string_agg(domain, ' ') from domains").as_deref(),
            Some(expected)
        );
        gateway.batch_execute("commit").expect("commit");
    }
    gateway
        .batch_execute(&format!("begin; {ACT_AS_DOMAIN}"))
        .expect("act");
    assert_eq!(
        one(&mut gateway, "select frontdesk.current_user_id()::text"),
        None
    );
    gateway.batch_execute("commit").expect("commit");
}

#[test]
fn the_invited_are_let_in_with_the_address_that_the_gateway_has_verified() {
    let (db, mut gateway) = gateway();
    let role = format!("gateway_of_{}", db.name());
    let act =
        "select frontdesk.act_as('00000000-0000-4000-8000-000000000001', 'Jane@mail.example')";
    assert_eq!(gateway.refusal(act), "42501");
    let mut client = db.superuser();
    client.run(&format!(
        "grant execute on function frontdesk.act_as(uuid, text) to {role}"
    ));
    let invite = format!(
        "select token from frontdesk.invite_member('{}', 'jane@mail.example', 'viewer')",
        ACME.organization_id()
    );
    let token = client.row(&invite);
    gateway.run(&format!("begin; {act}"));
    let accept = format!("select role from frontdesk.accept_invitation('{token}')");
    assert_eq!(gateway.row(&accept), "viewer");
    assert_eq!(gateway.row("select domain from domains"), "acme.example");
    gateway.run("commit");
    assert_is_nobody(&mut gateway);
    assert_eq!(
        gateway.refusal("select frontdesk.act_as(gen_random_uuid(), null)"),
        "22004"
    );
}

#[test]
fn who_acts_for_nobody_is_told() {
    let (_db, mut gateway) = gateway();
    for (call, code) in [
        ("select frontdesk.act_as(user_id => null)", "22004"),
        ("select frontdesk.act_as(domain => null)", "22004"),
        ("select frontdesk.act_as(domain => '')", "22023"),
        ("select frontdesk.act_as(domain => 'two words')", "22023"),
        ("select frontdesk.act_as(user_id => 'nobody')", "22P02"),
    ] {
        assert_eq!(gateway.refusal(call), code, "{call}");
        assert_is_nobody(&mut gateway);
    }
    // A domain or a person that nobody knows sees nothing, as a token of them would.
    for call in [
        "select frontdesk.act_as(domain => 'nowhere.example')",
        "select frontdesk.act_as(gen_random_uuid())",
    ] {
        gateway
            .batch_execute(&format!("begin; {call}"))
            .expect("act");
        assert_eq!(
            one(&mut gateway, "select count(*)::text from domains").as_deref(),
            Some("0"),
            "{call}"
        );
        gateway.batch_execute("rollback").expect("roll back");
    }
}
