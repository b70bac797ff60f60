//! What the documentation says is what happens: every SQL block of README.md and docs/ runs, in order, in a database of
//! its own, and prints what the output block after it shows. What is generated is up to date, and nothing is left out.

mod document;
mod reference;
mod sources;

use std::path::PathBuf;

use frontdesk_harness::Database;

use document::Document;

fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Fails with all that is wrong, each with file and line.
fn nothing_is_wrong(wrong: &[String]) {
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_readme_does_what_it_says() {
    let readme = Document::read("README.md");
    assert!(!readme.blocks.is_empty());
    nothing_is_wrong(&readme.run(&Database::empty()));
}

#[test]
fn the_guides_do_what_they_say() {
    let documents = document::documents();
    let wrong: Vec<String> = documents
        .iter()
        .filter(|document| document.path != "README.md" && !document.blocks.is_empty())
        .flat_map(|document| document.run(&Database::new()))
        .collect();
    nothing_is_wrong(&wrong);
}

/// What is wrong with a document of one block, without the name of the document.
fn wrong_with(sql: &str, output: &str) -> String {
    let text = format!("# Title\n```sql\n{sql}\n```\n```output\n{output}\n```\n");
    let document = Document::new("x.md", text);
    let wrong = document.run(&Database::empty()).join("\n");
    wrong.trim_start_matches("x.md:").to_owned()
}

#[test]
fn a_document_that_is_wrong_is_found_out() {
    let one = " one\n-----\n   1\n(1 row)";
    assert_eq!(wrong_with("select 1 as one;", one), "");
    assert_eq!(wrong_with("select 1/0;", "ERROR:  division by zero"), "");
    assert!(wrong_with("select 2 as one;", one).starts_with("3: prints"));
    assert!(wrong_with("\nselect no;", one).starts_with("4: ERROR:  column \"no\""));
    assert!(wrong_with("select 1 as one", one).contains("semicolon"));
}

#[test]
fn links_lead_to_files_that_exist() {
    let wrong: Vec<String> = document::documents()
        .iter()
        .flat_map(Document::broken_links)
        .collect();
    nothing_is_wrong(&wrong);
}

#[test]
fn every_function_that_may_be_called_has_an_example_in_the_readme() {
    let readme = Document::read("README.md");
    let missing: Vec<String> = Database::new()
        .superuser()
        .query(include_str!("documentation/functions_to_call.sql"), &[])
        .expect("list the functions")
        .iter()
        .map(|row| row.get::<_, String>(0))
        .filter(|name| !readme.shows(&format!("frontdesk.{name}(")))
        .map(|name| format!("README.md has no example of frontdesk.{name}(...) in a sql block"))
        .collect();
    nothing_is_wrong(&missing);
}

#[test]
fn every_setting_is_in_the_readme() {
    let readme = Document::read("README.md");
    let database = Database::new();
    let mut client = database.superuser();
    client
        .batch_execute("load 'frontdesk'")
        .expect("load the library, which declares them");
    let missing: Vec<String> = client
        .query(
            "select s.name from pg_settings as s where s.name like 'frontdesk.%'",
            &[],
        )
        .expect("list the settings")
        .iter()
        .map(|row| row.get::<_, String>(0))
        .filter(|name| !readme.says(name))
        .map(|name| format!("README.md does not explain the setting {name}"))
        .collect();
    nothing_is_wrong(&missing);
}

#[test]
fn every_index_says_what_it_serves() {
    let purposes = sources::index_purposes();
    let missing: Vec<String> = reference::indexes(&mut Database::new().superuser())
        .into_iter()
        .filter(|index| !purposes.contains_key(index))
        .map(|index| format!("no comment stands before `create index {index}` in sql/tables"))
        .collect();
    nothing_is_wrong(&missing);
}

#[test]
fn the_reference_is_up_to_date() {
    let made = reference::text(&mut Database::new().superuser());
    let path = project().join("docs/reference.md");
    if std::env::var_os("FRONTDESK_WRITE_REFERENCE").is_some() {
        std::fs::write(&path, &made).expect("write docs/reference.md");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let line = committed
        .lines()
        .zip(made.lines())
        .take_while(|(committed, made)| committed == made)
        .count();
    assert!(
        committed == made,
        "docs/reference.md:{}: is not what the catalogue says; make it anew with\n    FRONTDESK_WRITE_REFERENCE=1 tools/promises 15 the_reference_is_up_to_date",
        line + 1
    );
}
