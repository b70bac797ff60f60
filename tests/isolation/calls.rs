//! Everybody calls every function that is granted to people or chat servers, about ACME. calls.txt says how and who gets an
//! answer.

use std::collections::BTreeSet;

use super::*;

const CALLS: &str = include_str!("calls.txt");
const RANKS: [&str; 4] = ["viewer", "member", "admin", "owner"];

/// A line of calls.txt.
pub struct Call {
    pub function: &'static str,
    who: &'static str,
    sql: &'static str,
}

/// What the calls are about.
pub struct Target {
    values: Vec<(&'static str, String)>,
}

impl Target {
    /// ACME as it is.
    pub fn acme(client: &mut Client) -> Self {
        let domain = ACME.domain();
        let invitation = client.row(&format!(
            "select id from organization_invitations where organization_id = '{}'",
            ACME.organization_id()
        ));
        let example = client.row(&format!(
            "select id from training_data where domain = '{domain}'"
        ));
        Self {
            values: vec![
                ("{domain}", domain),
                ("{domain_id}", ACME.domain_id().to_string()),
                ("{config}", ACME.config_id().to_string()),
                ("{conversation}", ACME.conversation_id().to_string()),
                ("{organization}", ACME.organization_id().to_string()),
                ("{invitation}", invitation),
                ("{viewer}", ACME.user_id("viewer").to_string()),
                ("{author}", ACME.user_id("member").to_string()),
                ("{example}", example),
            ],
        }
    }

    /// A tenant that does not exist.
    fn nowhere() -> Self {
        let mut target = Self {
            values: vec![("{domain}", "nowhere.example".to_owned())],
        };
        for (place, name) in [
            "{domain_id}",
            "{config}",
            "{conversation}",
            "{organization}",
            "{invitation}",
            "{viewer}",
            "{author}",
            "{example}",
        ]
        .into_iter()
        .enumerate()
        {
            let id = Uuid::from_u128(0xdead_0000 + place as u128);
            target.values.push((name, id.to_string()));
        }
        target
    }

    /// The statement that makes the call.
    pub fn statement(&self, call: &Call) -> String {
        let mut sql = format!("select * from frontdesk.{}", call.sql);
        for (name, value) in &self.values {
            sql = sql.replace(name, value);
        }
        sql
    }
}

impl Call {
    /// Whether somebody gets an answer about ACME.
    pub fn answers(&self, subject: &Subject) -> bool {
        let is_acmes = subject
            .tenant
            .is_some_and(|tenant| tenant.mark() == ACME.mark());
        let rank = |role| RANKS.iter().position(|rank| *rank == role);
        self.who
            .split(';')
            .map(str::trim)
            .any(|who| match subject.standing {
                Standing::Nobody => false,
                Standing::Operator => who != "-",
                Standing::ChatServer => who == "everyone" || (who == "chat" && is_acmes),
                Standing::Stranger => ["everyone", "people"].contains(&who),
                Standing::Member(role) => match who {
                    "everyone" | "people" => true,
                    "author" => is_acmes && role == "member",
                    who => is_acmes && rank(who).is_some_and(|least| rank(role) >= Some(least)),
                },
            })
    }
}

/// The lines of calls.txt.
pub fn calls() -> Vec<Call> {
    let lines = CALLS.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let fields: Vec<&str> = line.splitn(3, '|').map(str::trim).collect();
            let [function, who, sql] = fields[..] else {
                panic!("not three fields: {line}")
            };
            Call { function, who, sql }
        })
        .collect()
}

fn is_refused(outcome: &Result<witness::Answer, String>) -> bool {
    match outcome {
        Ok(answer) => answer.rows.is_empty(),
        Err(code) => [NOT_ALLOWED, NOT_FOUND].contains(&code.as_str()),
    }
}

#[test]
fn everybody_is_answered_about_their_own_tenant_and_no_other() {
    let (db, mut client) = two_tenants();
    let acme = Target::acme(&mut client);
    for subject in everybody() {
        // Operators are people's equals here, and answered everywhere; what they may call is in the expected privileges.
        if subject.standing == Standing::Operator {
            continue;
        }
        let mut witness = Witness::new(&db, &subject.identity);
        for call in calls() {
            let sql = acme.statement(&call);
            let outcome = witness.try_out(&sql);
            let is_right = match call.answers(&subject) {
                true => outcome.is_ok(),
                false => is_refused(&outcome),
            };
            assert!(is_right, "{}: {outcome:?}: {sql}", subject.name);
        }
        witness.assert_never_heard(&subject.not_for_them(), subject.name);
    }
    secrets::assert_not_in_log();
}

/// Otherwise asking would tell who is a customer.
#[test]
fn what_is_foreign_is_refused_as_if_it_did_not_exist() {
    let (db, mut client) = two_tenants();
    let (acme, nowhere) = (Target::acme(&mut client), Target::nowhere());
    let mut outsider = Witness::new(&db, &GLOBEX.person("owner"));
    for call in calls() {
        let foreign = outsider
            .try_out(&acme.statement(&call))
            .map(|answer| answer.rows);
        let message = outsider.last_heard();
        let unknown = outsider
            .try_out(&nowhere.statement(&call))
            .map(|answer| answer.rows);
        if foreign.is_err() {
            assert_eq!(foreign, unknown, "{}", call.sql);
            assert_eq!(message, outsider.last_heard(), "{}", call.sql);
        }
    }
}

#[test]
fn every_granted_function_is_called_and_every_called_one_granted() {
    let db = Database::new();
    let granted: BTreeSet<String> = db
        .superuser()
        .rows(
            "select distinct p.proname
            from pg_proc as p
            cross join lateral aclexplode(p.proacl) as a
            where p.pronamespace = 'frontdesk'::regnamespace
                and a.grantee in ('authenticated'::regrole, 'chat_server'::regrole)",
        )
        .into_iter()
        .collect();
    let listed = calls()
        .iter()
        .map(|call| call.function.to_owned())
        .collect();
    let missing: Vec<_> = granted.difference(&listed).collect();
    let superfluous: Vec<_> = listed.difference(&granted).collect();
    assert!(
        missing.is_empty() && superfluous.is_empty(),
        "who gets an answer from {missing:?}? Say so in tests/isolation/calls.txt; not granted but there: {superfluous:?}"
    );
}

/// Anybody may have the plans of every statement printed, also of those in functions that run with their owner's rights.
#[test]
fn plans_of_functions_show_no_secrets() {
    let (db, mut client) = two_tenants();
    let acme = Target::acme(&mut client);
    for identity in [ACME.person("owner"), GLOBEX.person("owner")] {
        let mut witness = Witness::new(&db, &identity);
        for call in calls() {
            if ![
                "set_credentials",
                "invite_member",
                "revoke_invitation",
                "accept_invitation",
            ]
            .contains(&call.function)
            {
                continue;
            }
            let sql = acme.statement(&call);
            let _ = witness.try_out(&format!(
                "set local client_min_messages = log; set local debug_print_plan = on; {sql}"
            ));
        }
        witness.assert_never_heard(&secrets::words(), "whoever prints plans");
    }
}
