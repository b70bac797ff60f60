//! What a list of synonyms does to the text leg, beside none and beside adding its synonyms to the question.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::collection::Collection;
use super::load::{domain_name, session};
use super::runs::{Asking, Method, Run, domains, run};

/// The settings under which no synonym counts.
const NONE: [&str; 2] = [
    "frontdesk.synonym_weight=0",
    "frontdesk.global_synonym_weight=0",
];

/// One run without any synonym, then two for each file. The collection's domains are left without synonyms of their own.
pub fn runs(
    number: usize,
    collection: &Collection,
    files: &[PathBuf],
    asking: &Asking,
) -> Vec<Run> {
    let silent = Asking {
        settings: asking
            .settings
            .iter()
            .cloned()
            .chain(NONE.map(str::to_owned))
            .collect(),
        ..asking.clone()
    };
    let mut runs = vec![run(
        number,
        collection,
        &Method::new("text, no synonyms", true, false, ""),
        &silent,
    )];
    for file in files {
        import(number, collection, &read(file));
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let ours = Method::new(&format!("text, {name}"), true, false, "");
        runs.push(run(number, collection, &ours, asking));
        let mut added = Method::new(&format!("text, {name} added as words"), true, false, "");
        added.more_words = synonyms(number, collection);
        runs.push(run(number, collection, &added, &silent));
    }
    import(number, collection, "");
    runs
}

/// The synonyms of each question's terms, by its id.
fn synonyms(number: usize, collection: &Collection) -> HashMap<String, String> {
    let mut client = session(&[]);
    let statement = client
        .prepare("select string_agg(synonym, ' ') from frontdesk.expand_synonyms($1, $2)")
        .expect("expand_synonyms");
    collection
        .queries
        .iter()
        .filter_map(|query| {
            let domain = domains(number, query).into_iter().next()?;
            let row = client
                .query_one(&statement, &[&domain, &query.text])
                .unwrap_or_else(|error| panic!("question {}: {error:?}", query.id));
            Some((query.id.clone(), row.get::<_, Option<String>>(0)?))
        })
        .collect()
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("read {}: {error}", file.display()))
}

/// Gives every domain of the collection this list and no other.
fn import(number: usize, collection: &Collection, list: &str) {
    let mut client = session(&[]);
    for tenant in collection.tenants() {
        let domain = domain_name(number, tenant);
        client
            .execute(
                "select frontdesk.import_synonyms($1, $2, mode => 'replace')",
                &[&domain, &list],
            )
            .unwrap_or_else(|error| panic!("import synonyms into {domain}: {error:?}"));
    }
}
