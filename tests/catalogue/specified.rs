//! What the specification and the rulings on it promise, from the files in `tests/spec`.

use std::collections::BTreeMap;

/// Names of objects and their definitions, as Postgres prints them.
pub type Catalogue = BTreeMap<String, String>;

const COLUMNS: &str = include_str!("../spec/columns.tsv");
const KEYS: &str = include_str!("../spec/keys.tsv");
const FOREIGN_KEYS: &str = include_str!("../spec/foreign_keys.tsv");
const INDEXES: &str = include_str!("../spec/indexes.tsv");
const POLICIES: &str = include_str!("../spec/policies.tsv");
const RULINGS: &str = include_str!("../spec/rulings.tsv");

/// The rows of a file without its header.
fn rows<const N: usize>(file: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    file.lines().skip(1).map(|line| {
        let fields: Vec<&str> = line.split('\t').collect();
        fields
            .try_into()
            .unwrap_or_else(|_| panic!("not {N} fields: {line}"))
    })
}

/// Text that `-` stands in for when there is none.
fn clause(keyword: &str, text: &str) -> String {
    if text == "-" {
        String::new()
    } else {
        format!("{keyword}{text}")
    }
}

pub fn tables() -> Catalogue {
    rows(COLUMNS)
        .map(|[table, ..]: [&str; 6]| (table.to_owned(), "table".to_owned()))
        .collect()
}

pub fn columns() -> Catalogue {
    rows(COLUMNS)
        .map(|[table, position, column, kind, nullable, default]| {
            (
                format!("{table}.{column}"),
                column_definition(position, kind, nullable == "yes", default),
            )
        })
        .collect()
}

pub fn column_definition(
    position: impl std::fmt::Display,
    kind: &str,
    nullable: bool,
    default: &str,
) -> String {
    let nullable = if nullable { "" } else { " not null" };
    format!(
        "#{position} {kind}{nullable}{}",
        clause(" default ", default)
    )
}

/// The keys whose definition begins with `kind`.
pub fn keys(kind: &str) -> Catalogue {
    let page = rows(KEYS)
        .map(|[table, name, definition]| (format!("{table}.{name}"), definition.to_owned()))
        .collect();
    let mut keys = with_rulings(page, "key");
    keys.retain(|_, definition| definition.starts_with(kind));
    keys
}

pub fn foreign_keys() -> Catalogue {
    let actions = rows(FOREIGN_KEYS)
        .map(|[table, column, _, action]: [&str; 4]| {
            (format!("{table}.{column}"), action.to_owned())
        })
        .collect();
    let actions = with_rulings(actions, "foreign key");
    rows(FOREIGN_KEYS)
        .map(|[table, column, references, _]| {
            let action = &actions[&format!("{table}.{column}")];
            // Postgres does not print the action that it takes when none is named.
            let action = match action.strip_prefix("NO ACTION") {
                Some(timing) => timing.to_owned(),
                None => format!(" ON DELETE {action}"),
            };
            let definition = format!("FOREIGN KEY ({column}) REFERENCES {references}(id){action}");
            (format!("{table}.{table}_{column}_fkey"), definition)
        })
        .collect()
}

pub fn indexes() -> Catalogue {
    let page = rows(INDEXES)
        .map(
            |[table, name, unique, method, columns, predicate, options]| {
                let unique = if unique == "yes" { "UNIQUE " } else { "" };
                let (options, predicate) =
                    (clause(" WITH ", options), clause(" WHERE ", predicate));
                (
                    format!("{table}.{name}"),
                    format!("{unique}{method} {columns}{options}{predicate}"),
                )
            },
        )
        .collect();
    with_rulings(page, "index")
}

pub fn policies() -> Catalogue {
    rows(POLICIES)
        .map(|[table, count, _]| (table.to_owned(), count.to_owned()))
        .collect()
}

/// How many policies the page, or a ruling, gives to how many tables.
pub fn policies_said_by(author: &str) -> (usize, u32) {
    let counts: Vec<u32> = rows(POLICIES)
        .filter(|[_, _, by]| *by == author)
        .map(|[_, count, _]| count.parse().expect("a count"))
        .collect();
    (counts.len(), counts.iter().sum())
}

/// The rulings of a kind, by the object they are about.
pub fn rulings(wanted: &str) -> Catalogue {
    rows(RULINGS)
        .filter(|[kind, ..]: &[&str; 5]| *kind == wanted)
        .map(|[_, table, object, built, _]| (format!("{table}.{object}"), built.to_owned()))
        .collect()
}

/// What the page says, with the definitions that a ruling replaces.
fn with_rulings(mut page: Catalogue, kind: &str) -> Catalogue {
    for (name, built) in rulings(kind) {
        let definition = page
            .get_mut(&name)
            .unwrap_or_else(|| panic!("a ruling on {name}, which the page does not name"));
        assert_ne!(
            *definition, built,
            "the ruling on {name} repeats what the page says"
        );
        *definition = built;
    }
    page
}
