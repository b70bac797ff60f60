//! The synonym files of Solr and Elasticsearch (`synonyms.txt`, "Solr format").
//!
//! `a, b, c` says that each finds the others; `a, b => c, d` that a and b find c and d and not the other way round. `#`
//! begins a comment line, a backslash takes the next character as it is. Here a term always goes on finding itself: in a
//! search engine it does so only when it stands on the right, too.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::iter;

use super::matching::normalize;

/// The longest term or synonym in characters; what visitors type for one thing is shorter.
pub const MAX_TERM_CHARS: usize = 200;
/// Most synonyms of one term.
pub const MAX_SYNONYMS_OF_TERM: usize = 100;

/// A comment with which a file says how important the rules after it are.
const PRIORITY: &str = "# frontdesk: priority ";

/// A term with what it finds. In files nothing is found backwards: who finds whom is said for each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    pub synonyms: Vec<String>,
    pub priority: i32,
}

/// The rules of a file by term, all normalised.
pub type Rules = BTreeMap<String, Rule>;

/// Why a file is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// From 1.
    pub line: usize,
    pub problem: &'static str,
}

/// The rules of a file; those that name no priority of their own get `priority`. Rules that say nothing (`a`, `a => a`) are
/// left out, rules for one term are added together.
///
/// # Errors
///
/// The first line that is not a rule: two arrows, a name without characters, too long or with too many synonyms.
pub fn parse(text: &str, priority: i32) -> Result<Rules, Mistake> {
    let mut rules = Rules::new();
    let mut priority = priority;
    for (line, text) in (1..).zip(text.trim_start_matches('\u{FEFF}').lines()) {
        let text = text.trim();
        if let Some(given) = text.strip_prefix(PRIORITY).and_then(|n| n.parse().ok()) {
            priority = given;
        } else if !text.is_empty() && !text.starts_with('#') {
            read_rule(text, priority, &mut rules).map_err(|problem| Mistake { line, problem })?;
        }
    }
    Ok(rules)
}

fn read_rule(text: &str, priority: i32, rules: &mut Rules) -> Result<(), &'static str> {
    let sides = sides(text)?;
    let (terms, synonyms) = match sides.as_slice() {
        [names] => (names, names),
        [terms, synonyms] => (terms, synonyms),
        _ => return Err("a rule has at most one =>"),
    };
    for term in terms {
        let others: Vec<&String> = synonyms.iter().filter(|name| *name != term).collect();
        if others.is_empty() {
            continue;
        }
        let rule = rules.entry(term.clone()).or_default();
        rule.priority = priority;
        for other in others {
            if !rule.synonyms.contains(other) {
                rule.synonyms.push(other.clone());
            }
        }
        if rule.synonyms.len() > MAX_SYNONYMS_OF_TERM {
            return Err("a term has at most 100 synonyms");
        }
    }
    Ok(())
}

/// The names on each side of the arrow, or all of them where there is none.
fn sides(text: &str) -> Result<Vec<Vec<String>>, &'static str> {
    let mut sides = vec![Vec::new()];
    let mut name = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => name.extend(rest.next()),
            ',' => finish(&mut name, &mut sides)?,
            '=' if rest.as_str().starts_with('>') => {
                rest.next();
                finish(&mut name, &mut sides)?;
                sides.push(Vec::new());
            }
            _ => name.push(c),
        }
    }
    finish(&mut name, &mut sides)?;
    Ok(sides)
}

fn finish(name: &mut String, sides: &mut [Vec<String>]) -> Result<(), &'static str> {
    let normalised = normalize(&std::mem::take(name));
    if normalised.is_empty() {
        return Err("a name between commas or beside => is empty");
    }
    if normalised.chars().count() > MAX_TERM_CHARS {
        return Err("a term or synonym has at most 200 characters");
    }
    if let Some(side) = sides.last_mut() {
        side.push(normalised);
    }
    Ok(())
}

/// Entries (term, what it finds, whether only one way) as rules of one way each. A name that is no term itself has the highest
/// priority of the entries that it is in.
#[must_use]
pub fn one_way(entries: Vec<(String, Rule, bool)>) -> Rules {
    let mut backwards: BTreeMap<String, Rule> = BTreeMap::new();
    for (term, rule, is_one_way) in &entries {
        for synonym in rule.synonyms.iter().filter(|_| !is_one_way) {
            let found = backwards.entry(synonym.clone()).or_insert(Rule {
                synonyms: Vec::new(),
                priority: rule.priority,
            });
            found.priority = found.priority.max(rule.priority);
            found.synonyms.push(term.clone());
        }
    }
    let mut rules: Rules = entries
        .into_iter()
        .map(|(term, rule, _)| (term, rule))
        .collect();
    for (name, found) in backwards {
        match rules.get_mut(&name) {
            None => drop(rules.insert(name, found)),
            Some(rule) => {
                let more = found.synonyms.into_iter();
                let more: Vec<String> = more.filter(|it| !rule.synonyms.contains(it)).collect();
                rule.synonyms.extend(more);
            }
        }
    }
    rules
}

/// The file that says `rules`: names that all find each other in one list, everything else by arrows; by priority, the
/// highest first, then by term.
#[must_use]
pub fn format(rules: &Rules) -> String {
    let circles = circles(rules);
    let mut by_priority: BTreeMap<i32, Vec<String>> = BTreeMap::new();
    for (term, rule) in rules {
        let lines = by_priority.entry(rule.priority).or_default();
        let names = names(term, rule);
        if !circles.contains(&(rule.priority, names.clone())) {
            let synonyms: Vec<&String> = rule.synonyms.iter().collect();
            lines.push(format!("{} => {}", escaped(term), list(&synonyms)));
        } else if names[0] == term {
            lines.push(list(&names));
        }
    }
    let parts = by_priority.into_iter().rev();
    let lines: Vec<String> = parts
        .filter(|(_, lines)| !lines.is_empty())
        .flat_map(|(priority, lines)| iter::once(format!("{PRIORITY}{priority}")).chain(lines))
        .collect();
    lines.join("\n")
}

/// The sets of names of which each finds all others, with their priority.
fn circles(rules: &Rules) -> HashSet<(i32, Vec<&String>)> {
    let mut members: HashMap<(i32, Vec<&String>), usize> = HashMap::new();
    for (term, rule) in rules {
        *members
            .entry((rule.priority, names(term, rule)))
            .or_default() += 1;
    }
    let complete = members
        .into_iter()
        .filter(|((_, names), members)| names.len() == *members);
    complete.map(|(circle, _)| circle).collect()
}

/// A term and its synonyms in order.
fn names<'r>(term: &'r String, rule: &'r Rule) -> Vec<&'r String> {
    let mut names: Vec<&String> = rule.synonyms.iter().chain([term]).collect();
    names.sort();
    names
}

fn list(names: &[&String]) -> String {
    let names: Vec<String> = names.iter().map(|name| escaped(name)).collect();
    names.join(", ")
}

/// A name whose marks of the format are taken as they are.
fn escaped(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for (i, c) in name.char_indices() {
        if matches!(c, '\\' | ',' | '=') || (c == '#' && i == 0) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `term>synonyms` of each rule.
    fn read(text: &str) -> Vec<String> {
        let rules = parse(text, 0).expect("a file");
        rules
            .iter()
            .map(|(term, rule)| format!("{term}>{}", rule.synonyms.join("|")))
            .collect()
    }

    #[test]
    fn names_in_a_list_find_each_other() {
        assert_eq!(
            read("Sofa,  Couch , corner   SOFA"),
            [
                "corner sofa>sofa|couch",
                "couch>sofa|corner sofa",
                "sofa>couch|corner sofa"
            ]
        );
    }

    #[test]
    fn an_arrow_leads_one_way() {
        assert_eq!(
            read("i-pod, i pod => ipod, i-pod"),
            ["i pod>ipod|i-pod", "i-pod>ipod"]
        );
    }

    #[test]
    fn comments_empty_lines_and_rules_that_say_nothing_are_left_out() {
        assert_eq!(
            read("\u{FEFF}# a, b\n\n  # c => d\r\nalone\na => a\r\n c,d"),
            ["c>d", "d>c"]
        );
    }

    #[test]
    fn rules_for_one_term_are_added_together() {
        assert_eq!(read("a => b\na, c"), ["a>b|c", "c>a"]);
    }

    #[test]
    fn a_backslash_takes_the_next_character_as_it_is() {
        assert_eq!(
            read(r"1\,5 l => one and a half\=>, c\\d"),
            [r"1,5 l>one and a half=>|c\d"]
        );
        assert_eq!(read(r"\#1, c#"), ["#1>c#", "c#>#1"]);
    }

    #[test]
    fn a_mistake_has_its_line() {
        for (text, line) in [
            ("a, b\n\nc => d => e", 3),
            ("a,,b", 1),
            ("# x\na =>", 2),
            ("=> a", 1),
            ("a, b,", 1),
        ] {
            assert_eq!(
                parse(text, 0).map_err(|mistake| mistake.line),
                Err(line),
                "{text}"
            );
        }
        let long = "x".repeat(MAX_TERM_CHARS + 1);
        assert!(parse(&long, 0).is_err());
        let many: Vec<String> = (0..=MAX_SYNONYMS_OF_TERM)
            .map(|i| format!("s{i}"))
            .collect();
        assert!(parse(&format!("a => {}", many.join(",")), 0).is_err());
    }

    #[test]
    fn a_file_is_written_as_people_write_it() {
        let text =
            "# frontdesk: priority 5\nurgent => now\n# frontdesk: priority 0\na, b\nc => a, b";
        assert_eq!(format(&parse(text, 0).expect("a file")), text);
    }

    fn rules() -> impl Strategy<Value = Rules> {
        let name = || "[abé,=>#\\\\ ]{1,4}".prop_map(|name| normalize(&name));
        let name = move || name().prop_filter("names are not empty", |name| !name.is_empty());
        let rule = (proptest::collection::vec(name(), 1..4), -1..2)
            .prop_map(|(synonyms, priority)| Rule { synonyms, priority });
        proptest::collection::btree_map(name(), rule, 0..8).prop_map(|mut rules| {
            for (term, rule) in &mut rules {
                rule.synonyms.retain(|synonym| synonym != term);
                rule.synonyms.sort();
                rule.synonyms.dedup();
            }
            rules.retain(|_, rule| !rule.synonyms.is_empty());
            rules
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(rules in rules()) {
            let mut read = parse(&format(&rules), 7).expect("a file");
            for rule in read.values_mut() {
                rule.synonyms.sort();
            }
            prop_assert_eq!(read, rules);
        }

        #[test]
        fn odd_text_never_panics(text in any::<String>(), marks in r"[a,=>#\\ \n]{0,30}") {
            drop(parse(&text, 0));
            drop(parse(&marks, 0));
        }
    }
}
