//! Makes docs/reference.md from the catalogue of an installed database and the files that it was installed from.

use std::collections::BTreeMap;
use std::fmt::Write;

use frontdesk_harness::postgres::{Client, Row};

use super::sources;

const INTRODUCTION: &str = "# Reference

Made from the catalogue of an installed database; the test that finds it out of date says how to make it anew.

Each column has a class, kept at the end of its comment: `identifier` says who somebody is, `quasi-identifier` helps to tell,
`content` may hold what a person wrote, `secret` is a credential, `none` is the rest. Columns whose description begins with
*Ours* are additions to the specified schema. Row level security is on in every table of the nine domains; roles without a
privilege below cannot touch a table at all.
";

/// In this order; what is new comes before the internal tables.
const DOMAINS: [&str; 9] = [
    "tenancy",
    "content",
    "knowledge",
    "chat",
    "telemetry",
    "privacy",
    "widget",
    "synonyms",
    "cache",
];

/// In this order; others follow.
const FAMILIES: [&str; 9] = [
    "tenancy",
    "limits",
    "content",
    "writing",
    "search",
    "telemetry",
    "privacy",
    "maintenance",
    "life",
];

/// Lines of Markdown by the table that they are about.
type Lines = BTreeMap<String, Vec<String>>;

/// The whole document.
pub fn text(client: &mut Client) -> String {
    let mut text = INTRODUCTION.to_owned();
    tables(client, &mut text);
    functions(client, &mut text);
    text
}

/// The names of the indexes that no constraint made.
pub fn indexes(client: &mut Client) -> Vec<String> {
    rows(client, include_str!("reference/indexes.sql"))
        .iter()
        .map(|row| row.get("index"))
        .collect()
}

fn rows(client: &mut Client, sql: &str) -> Vec<Row> {
    client
        .query(sql, &[])
        .unwrap_or_else(|error| panic!("{error:?}: {sql}"))
}

fn lines(client: &mut Client, sql: &str) -> Lines {
    let mut lines = Lines::new();
    for row in rows(client, sql) {
        let of_table = lines.entry(row.get("name")).or_default();
        of_table.push(row.get("line"));
    }
    lines
}

fn index_lines(client: &mut Client) -> Lines {
    let purposes = sources::index_purposes();
    let mut lines = Lines::new();
    for row in rows(client, include_str!("reference/indexes.sql")) {
        let (index, definition): (String, String) = (row.get("index"), row.get("definition"));
        let purpose = purposes.get(&index).map_or("", String::as_str);
        let line = format!("- `{index}`: `{definition}`  \n  {purpose}");
        lines.entry(row.get("name")).or_default().push(line);
    }
    lines
}

fn tables(client: &mut Client, text: &mut String) {
    let sections = [
        (
            "Keys and checks",
            lines(client, include_str!("reference/constraints.sql")),
        ),
        ("Indexes", index_lines(client)),
        (
            "Policies",
            lines(client, include_str!("reference/policies.sql")),
        ),
        (
            "Privileges",
            lines(client, include_str!("reference/privileges.sql")),
        ),
        (
            "Triggers",
            lines(client, include_str!("reference/triggers.sql")),
        ),
    ];
    let columns = lines(client, include_str!("reference/columns.sql"));
    let homes = sources::domains();
    let home = |table: &Row| -> String {
        let name: String = table.get("name");
        match table.get("kind") {
            "view" => "views".into(),
            _ => homes.get(&name).cloned().unwrap_or_else(|| "other".into()),
        }
    };
    let tables = rows(client, include_str!("reference/tables.sql"));
    for domain in DOMAINS.iter().chain(&["other", "views", "internal"]) {
        let mut here = tables
            .iter()
            .filter(|table| home(table) == *domain)
            .peekable();
        if here.peek().is_some() {
            let _ = writeln!(text, "\n## {}", title(domain));
        }
        for table in here {
            let name: String = table.get("name");
            let comment: Option<String> = table.get("comment");
            let _ = write!(text, "\n### {name}\n\n{}\n\n", comment.unwrap_or_default());
            text.push_str("| column | type | class | |\n|---|---|---|---|\n");
            push_lines(text, columns.get(&name));
            for (heading, lines) in &sections {
                if lines.contains_key(&name) {
                    let _ = write!(text, "\n{heading}:\n\n");
                    push_lines(text, lines.get(&name));
                }
            }
        }
    }
}

fn push_lines(text: &mut String, lines: Option<&Vec<String>>) {
    for line in lines.into_iter().flatten() {
        let _ = writeln!(text, "{line}");
    }
}

fn title(domain: &str) -> String {
    match domain {
        "internal" => "Internal tables (schema frontdesk_internal)".into(),
        "other" | "views" => domain[..1].to_uppercase() + &domain[1..],
        _ => format!("Tables: {domain}"),
    }
}

fn functions(client: &mut Client, text: &mut String) {
    let functions = rows(client, include_str!("reference/functions.sql"));
    let homes = sources::families();
    let docs = sources::rust_docs();
    let is_called = |function: &Row| {
        let name: String = function.get("name");
        !function.get::<_, String>("roles").is_empty()
            || ["act_as", "install_schema"].contains(&name.as_str())
    };
    let family = |function: &Row| -> String {
        let name: String = function.get("name");
        homes.get(&name).cloned().unwrap_or_else(|| "other".into())
    };
    let mut families: Vec<String> = FAMILIES.map(String::from).to_vec();
    for function in functions.iter().filter(|function| is_called(function)) {
        if !families.contains(&family(function)) {
            families.push(family(function));
        }
    }
    for name in families {
        let _ = writeln!(text, "\n## Functions: {name}");
        for function in functions
            .iter()
            .filter(|f| is_called(f) && family(f) == name)
        {
            describe(function, &docs, text);
        }
    }
    text.push_str("\n## Functions that others call\n\nTrigger functions and helpers; nobody is granted them.\n\n");
    for function in functions.iter().filter(|function| !is_called(function)) {
        let (signature, comment): (String, String) =
            (function.get("signature"), function.get("comment"));
        let _ = writeln!(
            text,
            "- `{signature}`: {}",
            comment.trim_start_matches("Trigger: ")
        );
    }
}

fn describe(function: &Row, docs: &BTreeMap<String, String>, text: &mut String) {
    let (name, signature): (String, String) = (function.get("name"), function.get("signature"));
    let (result, roles): (String, String) = (function.get("result"), function.get("roles"));
    let comment: String = function.get("comment");
    let roles = if roles.is_empty() {
        "whoever the operator names".to_owned()
    } else {
        roles
    };
    let _ = write!(
        text,
        "\n### {name}\n\n```\n{signature}\nreturns {result}\n```\n\n{}\n\nFor {roles}.\n",
        docs.get(&name).unwrap_or(&comment)
    );
}
