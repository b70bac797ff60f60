//! Whose claims count, and that nobody becomes somebody else with the means of a session.

use frontdesk_harness::sqlstate;
use serde_json::json;

use super::*;

/// What a session sees of the tables that its role reads: names and numbers of rows.
pub fn rows_seen(session: &mut Client, role: &str) -> Vec<String> {
    let tables = session.rows(&format!(
        "select relname from pg_class
        where relowner = 'frontdesk_owner'::regrole and relkind in ('r', 'v')
            and has_any_column_privilege('{role}', oid, 'select')
            and has_schema_privilege('{role}', relnamespace, 'usage')
        order by relname"
    ));
    assert!(tables.len() >= 17, "{role} reads only {tables:?}");
    let mut seen = Vec::new();
    for table in tables {
        let count = session.row(&format!("select count(*) from {table}"));
        if count != "0" {
            seen.push(format!("{table}: {count}"));
        }
    }
    seen
}

fn sets(session: &mut Client) -> String {
    session.row(
        "select frontdesk.current_user_id(), frontdesk.claimed_domain(), frontdesk.caller_is_operator(),
            array(select frontdesk.accessible_organization_ids()), array(select frontdesk.accessible_domain_ids()),
            array(select frontdesk.accessible_config_ids()), array(select frontdesk.accessible_domain_names())",
    )
}

const NOBODY: &str = "null|null|f|{}|{}|{}|{}";

#[test]
fn claims_that_name_nobody_see_nothing_and_raise_nothing() {
    let (db, _) = two_tenants();
    let owner = ACME.user_id("owner");
    let domain = ACME.domain();
    let claims = [
        String::new(),
        " ".to_owned(),
        "{".to_owned(),
        "[]".to_owned(),
        "null".to_owned(),
        format!("\"{owner}\""),
        format!("{{\"sub\": \"{owner}\""),
        json!({}).to_string(),
        json!({"sub": null}).to_string(),
        json!({"sub": ""}).to_string(),
        json!({"sub": "owner"}).to_string(),
        json!({"sub": 1}).to_string(),
        json!({"sub": [owner]}).to_string(),
        json!({"sub": {"id": owner}}).to_string(),
        json!({"sub": format!("{owner}; drop table domains")}).to_string(),
        json!({"user": {"sub": owner}}).to_string(),
        json!({"sub": owner, "exp": 1}).to_string(),
        json!({"sub": owner, "exp": -1e300}).to_string(),
        json!({"sub": owner, "exp": "2100-01-01"}).to_string(),
        json!({"sub": owner, "exp": "1"}).to_string(),
        json!({"sub": owner, "exp": [4102444800_i64]}).to_string(),
        json!({"role": "chat_server"}).to_string(),
        json!({"role": "chat_server", "sub": owner}).to_string(),
        json!({"role": "chat_server", "sub": owner, "domain": null}).to_string(),
        json!({"role": "chat_server", "sub": owner, "domain": ""}).to_string(),
        json!({"role": "chat_server", "sub": owner, "domain": "*"}).to_string(),
        json!({"role": "chat_server", "domain": [domain]}).to_string(),
        json!({"role": "chat_server", "domain": ACME.domain_id()}).to_string(),
        json!({"role": "chat_server", "domain": domain, "exp": 1}).to_string(),
        json!({"role": ["chat_server"], "domain": domain}).to_string(),
        json!({"role": "Chat_Server", "domain": domain}).to_string(),
        json!({"role": "authenticated", "domain": domain}).to_string(),
        json!({"role": "service_role", "domain": domain}).to_string(),
        json!({"role": "anon", "domain": domain}).to_string(),
        json!({"domain": domain}).to_string(),
        json!({"role": "service_role"}).to_string(),
        json!({"role": "postgres"}).to_string(),
    ];
    for claims in claims {
        for role in ["authenticated", "chat_server"] {
            let identity = Identity::Custom {
                role,
                claims: claims.clone(),
            };
            let mut session = db.session(&identity);
            assert_eq!(sets(&mut session), NOBODY, "{role} {claims}");
            let seen = rows_seen(&mut session, role);
            assert!(seen.is_empty(), "{role} {claims}: {seen:?}");
        }
    }
}

#[test]
fn a_chat_server_is_no_person_whatever_its_claims_say() {
    let (db, _) = two_tenants();
    let claims =
        json!({"role": "chat_server", "domain": ACME.domain(), "sub": GLOBEX.user_id("owner")});
    for role in ["chat_server", "authenticated"] {
        let identity = Identity::Custom {
            role,
            claims: claims.to_string(),
        };
        let mut witness = Witness::new(&db, &identity);
        for table in [
            "domains",
            "messages",
            "page_embeddings",
            "customer_settings",
        ] {
            let seen = witness
                .ask(&format!("select * from {table}"))
                .expect("read");
            assert!(seen.count > 0, "{role} sees nothing of {table}");
        }
        for rank in ["member", "admin", "owner"] {
            let sets = witness.ask(&format!(
                "select frontdesk.accessible_organization_ids('{rank}') union all
                select frontdesk.accessible_domain_ids('{rank}') union all select frontdesk.accessible_config_ids('{rank}')"
            ));
            assert_eq!(sets.expect("ask for the sets").count, 0, "{role} {rank}");
        }
        witness.assert_never_heard(&words_of(&GLOBEX), role);
    }
}

#[test]
fn a_chat_servers_domain_counts_in_any_spelling() {
    let (db, _) = two_tenants();
    let expected = rows_seen(&mut db.session(&ACME.chat_server()), "chat_server");
    assert!(expected.len() > 10, "{expected:?}");
    for spelling in [
        "ACME.Example",
        "www.acme.example.",
        "https://acme.example:8443/chat",
    ] {
        let mut session = db.session(&Identity::ChatServer(spelling.to_owned()));
        assert_eq!(
            rows_seen(&mut session, "chat_server"),
            expected,
            "{spelling}"
        );
    }
    for other in [
        "shop.acme.example",
        "example",
        "acme.example.org",
        "acme",
        "acmeXexample",
    ] {
        let mut session = db.session(&Identity::ChatServer(other.to_owned()));
        let seen = rows_seen(&mut session, "chat_server");
        // A chat server of an unknown domain still reads the synonyms that are everybody's.
        let foreign = seen
            .iter()
            .filter(|line| !line.starts_with("global_synonym_mappings"));
        assert_eq!(foreign.count(), 0, "{other}: {seen:?}");
    }
}

#[test]
fn the_claim_of_older_gateways_counts_only_without_claims() {
    let (db, _) = two_tenants();
    for (claims, is_somebody) in [
        ("", true),
        ("{", false),
        ("{}", false),
        (
            r#"{"role": "chat_server", "domain": "globex.example"}"#,
            false,
        ),
        (
            r#"{"sub": "00000000-0000-4000-8000-000000000000", "exp": 1}"#,
            false,
        ),
    ] {
        let identity = Identity::Custom {
            role: "authenticated",
            claims: claims.to_owned(),
        };
        let mut session = db.session(&identity);
        session.run(&format!(
            "set request.jwt.claim.sub = '{}'",
            ACME.user_id("owner")
        ));
        let id = session.row("select frontdesk.current_user_id()");
        assert_eq!(id != "null", is_somebody, "{claims}");
        let organizations = session.row("select count(*) from organizations");
        assert_eq!(organizations == "1", is_somebody, "{claims}");
    }
}

/// The login of a gateway, as the documentation says to set it up.
fn gateway(db: &Database, client: &mut Client) -> Witness {
    let login = format!("gateway_of_{}", db.name());
    client.run(&format!(
        "create role {login} login noinherit;
        grant authenticated, chat_server to {login};
        grant usage on schema frontdesk to {login};
        grant execute on function frontdesk.act_as(uuid), frontdesk.act_as(text) to {login}"
    ));
    Witness::as_login(db, &login)
}

#[test]
fn a_gateway_is_somebody_for_one_transaction_and_otherwise_nobody() {
    let (db, mut client) = two_tenants();
    let mut gateway = gateway(&db, &mut client);
    let act = format!(
        "select frontdesk.act_as(user_id => '{}')",
        ACME.user_id("owner")
    );
    let count = "select count(*) from organizations";
    assert_eq!(gateway.ask(count).unwrap_err(), NOT_ALLOWED);
    for end in ["commit", "rollback"] {
        gateway.ask("begin").expect("begin");
        gateway.ask(&act).expect("act as a person");
        assert_eq!(gateway.ask(count).expect("read").rows, ["1"]);
        gateway.ask(end).expect(end);
        assert_eq!(gateway.ask(count).unwrap_err(), NOT_ALLOWED, "after {end}");
        let claims = gateway.ask("select current_setting('request.jwt.claims', true)");
        assert_eq!(claims.expect("read the claims").rows, [""], "after {end}");
    }
    gateway.assert_never_heard(&words_of(&GLOBEX), "the gateway");
}

#[test]
fn nobody_acts_their_way_up() {
    let (db, mut client) = two_tenants();
    let mut gateway = gateway(&db, &mut client);
    let person = format!("frontdesk.act_as(user_id => '{}')", ACME.user_id("owner"));
    let domain = format!("frontdesk.act_as(domain => '{}')", ACME.domain());
    for act in [&person, &domain] {
        for step in [
            "set role service_role",
            "set role frontdesk_owner",
            "set role postgres",
            "set local role service_role",
            "select set_config('role', 'frontdesk_owner', true)",
            "set session authorization postgres",
            "select set_config('session_authorization', 'postgres', true)",
            "set session_replication_role = replica",
            "grant frontdesk_owner to current_user",
            "grant service_role to current_user",
            "alter table messages disable row level security",
            "create policy mine on messages using (true)",
            "create trigger mine before insert on messages for each row execute function frontdesk.touch_updated_at()",
            "drop policy \"members and the chat server read their messages\" on messages",
            "alter function frontdesk.claimed_domain() set search_path = pg_temp",
            "create function frontdesk.mine() returns integer language sql as 'select 1'",
            "create table frontdesk_internal.mine (id uuid)",
            "create table public.mine (id uuid)",
            "truncate messages",
            "lock table messages in access exclusive mode",
            "comment on table messages is 'mine'",
            "create temporary table mine () inherits (messages)",
            "select nextval('messages_ordinal_seq')",
            "select setval('messages_ordinal_seq', 1)",
            "vacuum messages",
        ] {
            let refused = gateway.try_out(&format!("select {act}; {step}"));
            // VACUUM says that it skips the table; inside a transaction it does not begin at all.
            let expected = if step.starts_with("vacuum") {
                "25001"
            } else {
                NOT_ALLOWED
            };
            assert_eq!(refused.map(|_| ()), Err(expected.to_owned()), "{step}");
        }
    }
}

/// Whoever may execute SQL as a gateway does so as whom it likes; its roles still keep it from what is nobody's.
#[test]
fn a_person_who_becomes_the_chat_server_is_still_held_to_the_claims() {
    let (db, mut client) = two_tenants();
    let mut gateway = gateway(&db, &mut client);
    let act = format!("select frontdesk.act_as(domain => '{}')", ACME.domain());
    gateway.ask("begin").expect("begin");
    gateway.ask(&act).expect("act as a chat server");
    gateway
        .ask("set local role authenticated")
        .expect("a role of the gateway's");
    for table in [
        "organizations",
        "organization_members",
        "organization_invitations",
        "gdpr_audit_log",
    ] {
        let seen = gateway.ask(&format!("select count(*) from {table}"));
        assert_eq!(seen.expect("read").rows, ["0"], "{table}");
    }
    let pages = gateway
        .ask("select count(*) from scraped_pages")
        .expect("read");
    assert_eq!(pages.rows, ["5"]);
    gateway.ask("rollback").expect("roll back");
}

#[test]
fn claims_of_an_operator_make_nobody_one() {
    let (db, _) = two_tenants();
    for role in ["authenticated", "chat_server"] {
        let claims = json!({"role": "service_role", "sub": ACME.user_id("owner")}).to_string();
        let mut session = db.session(&Identity::Custom { role, claims });
        assert_eq!(
            session.row("select frontdesk.caller_is_operator()"),
            "f",
            "{role}"
        );
        for call in [
            "run_maintenance()",
            "refresh_rollups()",
            "claim_embedding_jobs()",
            "set_embedding_model('a model', 3)",
            "get_credentials('acme.example', 'shopify')",
            "rotate_credentials()",
            "verify_domain('acme.example')",
            "install_schema()",
            "create_keyring()",
        ] {
            let error = session
                .batch_execute(&format!("select frontdesk.{call}"))
                .expect_err("only operators");
            assert_eq!(sqlstate(&error), NOT_ALLOWED, "{role}: {call}");
        }
    }
}
