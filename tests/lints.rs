//! What a reader of the catalogue would object to in our policies and views. Foreign keys without an index and functions
//! without a pinned search_path are looked for in `catalogue/rules`, dangerous SQL by `tools/lint-sql`.

use frontdesk_harness::postgres::Client;
use frontdesk_harness::{Database, Sql};

/// Policies that may apply together for one role and command. Each costs a second look at every row.
const OVERLAPS: [&str; 1] = [
    // Two policies serve four commands here, as the specification counts them.
    "chat_cost_alerts select authenticated",
];

const POLICIES: &str = include_str!("lints/policies.sql");
const OVERLAPPING_POLICIES: &str = include_str!("lints/overlapping_policies.sql");
const UNCHECKED_WRITES: &str = include_str!("lints/unchecked_writes.sql");
const POLICIES_FOR_PUBLIC: &str = include_str!("lints/policies_for_public.sql");
const VIEWS_WITH_OWNER_RIGHTS: &str = include_str!("lints/views_with_owner_rights.sql");

/// Looks for what breaks a rule.
type Lint = fn(&mut Client) -> Vec<String>;

/// Policies that do for every row what could be done once: call a function outside of a sub-select, or look something up
/// in a sub-select that depends on the row. A check of a new row may do the latter: it has only that row to check.
fn work_per_row(client: &mut Client) -> Vec<String> {
    let expressions = client.rows(POLICIES);
    let found = expressions.iter().filter_map(|line| {
        let (name, tree) = line.split_once('|').expect("a policy and an expression");
        let (kind, tree) = tree.split_once('|').expect("a kind and a tree");
        let (outside, inside) = split_at_subselects(tree);
        let calls_per_row = ["{FUNCEXPR", "{SQLVALUEFUNCTION"]
            .iter()
            .any(|call| outside.contains(call));
        let depends_on_row = kind == "using" && inside.contains(":varlevelsup 1");
        (calls_per_row || depends_on_row).then(|| name.to_owned())
    });
    found.collect()
}

/// The parts of an expression tree, as pg_policy stores it, that lie outside of sub-selects, and those inside.
fn split_at_subselects(tree: &str) -> (String, String) {
    let (mut outside, mut inside) = (String::new(), String::new());
    let mut rest = tree;
    while let Some(start) = rest.find("{SUBLINK") {
        let length = length_of_node(&rest[start..]);
        outside.push_str(&rest[..start]);
        inside.push_str(&rest[start..start + length]);
        rest = &rest[start + length..];
    }
    outside.push_str(rest);
    (outside, inside)
}

/// How long the node is that `tree` begins with, from its brace to the one that closes it.
fn length_of_node(tree: &str) -> usize {
    let mut depth = 0;
    for (position, character) in tree.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 1 => return position + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    tree.len()
}

fn overlapping_policies(client: &mut Client) -> Vec<String> {
    let found = client.rows(OVERLAPPING_POLICIES).into_iter();
    found
        .filter(|overlap| !OVERLAPS.contains(&overlap.as_str()))
        .collect()
}

fn unchecked_writes(client: &mut Client) -> Vec<String> {
    client.rows(UNCHECKED_WRITES)
}

fn policies_for_public(client: &mut Client) -> Vec<String> {
    client.rows(POLICIES_FOR_PUBLIC)
}

fn views_with_owner_rights(client: &mut Client) -> Vec<String> {
    client.rows(VIEWS_WITH_OWNER_RIGHTS)
}

fn finds_nothing(lint: Lint) {
    let db = Database::new();
    let found = lint(&mut db.superuser());
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_policy_works_per_row() {
    finds_nothing(work_per_row);
}

#[test]
fn no_policies_overlap_but_the_listed_ones() {
    finds_nothing(overlapping_policies);
    let db = Database::new();
    assert_eq!(db.superuser().rows(OVERLAPPING_POLICIES), OVERLAPS);
}

#[test]
fn every_write_is_checked_for_its_tenant() {
    finds_nothing(unchecked_writes);
}

#[test]
fn every_policy_names_its_roles() {
    finds_nothing(policies_for_public);
}

#[test]
fn every_view_reads_with_the_readers_rights() {
    finds_nothing(views_with_owner_rights);
}

/// A lint, and changes of which it must notice each.
const PLANTED: [(Lint, &[&str]); 5] = [
    (
        work_per_row,
        &[
            "create policy planted on messages for select to authenticated
                using (frontdesk.current_user_id() is not null)",
            "create policy planted on messages for select to authenticated using (current_user = 'somebody')",
            "create policy planted on messages for select to authenticated
                using (exists (select from conversations as c where c.id = conversation_id))",
            "create policy planted on messages for insert to authenticated
                with check (domain_id in (select d.id from domains as d) and auth.uid() is not null)",
        ],
    ),
    (
        overlapping_policies,
        &[
            "create policy planted on messages for select to chat_server using (false)",
            "create policy planted on messages for all to authenticated using (false)",
            "create policy planted on messages using (false)",
        ],
    ),
    (
        unchecked_writes,
        &[
            "create policy planted on messages for update to authenticated using (false)",
            "create policy planted on messages for all to authenticated using (false)",
            "create policy planted on messages for insert to authenticated with check (true)",
        ],
    ),
    (
        policies_for_public,
        &["create policy planted on messages for delete using (false)"],
    ),
    (
        views_with_owner_rights,
        &[
            "create view planted as select * from messages",
            "create view planted with (security_invoker = false) as select * from messages",
            "create materialized view planted as select * from messages",
        ],
    ),
];

#[test]
fn planted_mistakes_are_noticed() {
    let db = Database::new();
    let mut client = db.superuser();
    for (lint, changes) in PLANTED {
        for change in changes {
            client.run(&format!(
                "begin; {change}; alter table if exists planted owner to frontdesk_owner"
            ));
            let found = lint(&mut client);
            client.run("rollback");
            assert!(!found.is_empty(), "not noticed: {change}");
        }
    }
}
