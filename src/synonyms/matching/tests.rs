use super::*;
use proptest::prelude::*;

fn found<'q>(terms: &[&str], query: &'q str) -> Vec<&'q str> {
    let index = TermIndex::new(terms.iter().map(|term| (term, ())));
    index
        .find(query)
        .into_iter()
        .map(|hit| &query[hit.range])
        .collect()
}

#[test]
fn the_longest_term_wins() {
    let terms = ["new", "new york", "york", "new york city hall"];
    assert_eq!(found(&terms, "a new york city tour"), ["new york"]);
    assert_eq!(
        found(&terms, "new york city hall, york"),
        ["new york city hall", "york"]
    );
}

#[test]
fn terms_match_whole_words_only() {
    assert_eq!(found(&["cat"], "concatenate the category"), [""; 0]);
    assert_eq!(found(&["cat"], "the cat, a (cat)."), ["cat", "cat"]);
    assert_eq!(found(&["laptop"], "laptop/notebook"), ["laptop"]);
    assert_eq!(found(&["blue"], "dark-blue shoes"), ["blue"]);
}

#[test]
fn names_with_punctuation_stay_whole() {
    let terms = [
        "c", "c++", "c#", ".net", "net", "x", "x-100", "100", "at&t", "t",
    ];
    assert_eq!(found(&terms, "c++ or c# or c"), ["c++", "c#", "c"]);
    assert_eq!(found(&terms, ".net and net."), [".net", "net"]);
    assert_eq!(found(&terms, "part x-100, x-1000"), ["x-100"]);
    assert_eq!(found(&terms, "at&t or t"), ["at&t", "t"]);
    assert_eq!(found(&["c++", "c"], "c + +"), ["c"]);
    assert_eq!(found(&["asp.net", "net"], "asp.net"), ["asp.net"]);
}

#[test]
fn user_text_is_never_a_pattern() {
    let terms = ["a.c", "%", "_", ".*", "a|b", "("];
    assert_eq!(found(&terms, "abc"), [""; 0]);
    assert_eq!(found(&terms, "a.c .* 100 %"), ["a.c", ".*", "%"]);
}

#[test]
fn case_and_white_space_make_no_difference() {
    let index = TermIndex::new([("  New\n York ", 1), ("new york", 2), ("  ", 3)]);
    let query = normalize("\tNEW \u{3000} YORK now");
    let hits = index.find(&query);
    assert_eq!(hits.len(), 1);
    assert_eq!(
        (hits[0].range.clone(), hits[0].payloads),
        (0..8, [1, 2].as_slice())
    );
}

#[test]
fn chinese_terms_match_without_spaces() {
    assert_eq!(found(&["退货", "运费"], "请问退货的运费"), ["退货", "运费"]);
}

/// The same rule, by brute force: at each token every term is tried.
fn naive(terms: &[String], query: &str) -> Vec<Range<usize>> {
    let tokens: Vec<_> = tokens(query).collect();
    let terms: Vec<String> = terms
        .iter()
        .map(|term| normalize(term))
        .filter(|t| !t.is_empty())
        .collect();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        let ends = |end: usize| {
            let text = &query[tokens[at].start..tokens[end - 1].end];
            terms.iter().any(|t| t == text)
                && !is_glued(query, &tokens, at)
                && !is_glued(query, &tokens, end)
        };
        match (at + 1..=tokens.len()).rev().find(|end| ends(*end)) {
            Some(end) => {
                found.push(tokens[at].start..tokens[end - 1].end);
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

proptest! {
    #[test]
    fn the_index_finds_what_brute_force_finds(
        terms in proptest::collection::vec(r"[ab1c+#.\-& ü货]{1,6}", 0..12),
        query in r"[ab1c+#.\-& ü货,]{0,40}",
    ) {
        let query = normalize(&query);
        let index = TermIndex::new(terms.iter().map(|term| (term, ())));
        let ranges: Vec<_> = index.find(&query).into_iter().map(|hit| hit.range).collect();
        prop_assert_eq!(ranges, naive(&terms, &query));
    }

    #[test]
    fn odd_text_never_panics(terms in proptest::collection::vec(any::<String>(), 0..5), query in any::<String>()) {
        let index = TermIndex::new(terms.iter().map(|term| (term, ())));
        for hit in index.find(&query) {
            prop_assert!(query.get(hit.range).is_some());
        }
    }
}
