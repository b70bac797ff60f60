use super::matching::normalize;
use super::*;

fn entry(name: &str, synonyms: &[&str]) -> Entry {
    Entry {
        name: name.into(),
        synonyms: synonyms.iter().map(|&synonym| synonym.into()).collect(),
        is_term: true,
        source: "domain".into(),
        weight: 0.6,
        priority: 0,
    }
}

fn everybodys(entry: Entry) -> Entry {
    Entry {
        source: "global".into(),
        weight: 0.5,
        ..entry
    }
}

fn reverse(entry: Entry) -> Entry {
    Entry {
        is_term: false,
        ..entry
    }
}

/// `term>synonym source` of each.
fn expanded(query: &str, entries: Vec<Entry>) -> Vec<String> {
    expansions(&normalize(query), entries)
        .into_iter()
        .flat_map(|found| {
            let (term, source) = (found.term, found.source);
            found
                .synonyms
                .into_iter()
                .map(move |synonym| format!("{term}>{synonym} {source}"))
        })
        .collect()
}

#[test]
fn every_term_of_a_query_is_a_candidate() {
    let query = normalize("Opening  HOURS of c++ shops");
    let candidates = candidate_terms(&query);
    for term in ["opening", "opening hours", "c++", "hours of c++ shops"] {
        assert!(candidates.contains(&term), "{term} in {candidates:?}");
    }
}

#[test]
fn a_longer_term_hides_a_shorter_one_inside_it() {
    let entries = vec![
        entry("hours", &["time"]),
        entry("opening hours", &["business hours"]),
    ];
    assert_eq!(
        expanded("What are your opening hours?", entries),
        ["opening hours>business hours domain"]
    );
}

#[test]
fn a_repeated_term_is_expanded_once() {
    let entries = vec![entry("refund", &["money back"])];
    assert_eq!(expanded("refund refund", entries).len(), 1);
}

#[test]
fn what_the_domain_says_of_a_name_hides_what_holds_for_everybody() {
    for own in [
        entry("couch", &["sofa"]),
        reverse(entry("couch", &["sofa"])),
    ] {
        let everybody = everybodys(entry("couch", &["settee"]));
        let backwards = reverse(everybodys(entry("couch", &["seat"])));
        assert_eq!(
            expanded("couch", vec![everybody, backwards, own]),
            ["couch>sofa domain"]
        );
    }
}

#[test]
fn entries_of_one_name_are_added_together_its_own_first() {
    let backwards = reverse(entry("couch", &["seat", "sofa"]));
    let own = entry("couch", &["sofa", "couch"]);
    assert_eq!(
        expanded("couch", vec![backwards, own]),
        ["couch>sofa domain", "couch>seat domain"]
    );
}

#[test]
fn one_query_has_a_bounded_number_of_synonyms_the_most_important_ones() {
    let many: Vec<String> = (0..100).map(|i| format!("s{i}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let important = Entry {
        priority: 1,
        ..entry("important", &["first"])
    };
    let found = expanded("usual important", vec![entry("usual", &many), important]);
    assert_eq!(found.len(), MAX_SYNONYMS);
    assert_eq!(found[0], "important>first domain");
}

#[test]
fn pasted_text_has_a_bounded_number_of_candidates() {
    let pasted: String = (0..100_000).map(|i| format!("word{i} ")).collect();
    assert!(candidate_terms(&pasted).len() <= MAX_CANDIDATES);
}
