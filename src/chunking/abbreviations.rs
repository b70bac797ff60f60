//! Words whose full stop does not end a sentence.

/// Lower case, without the last full stop, sorted. Those that often do end a sentence (etc., usw.) are in it as well: a missed
/// border costs less than a false one.
#[rustfmt::skip]
const ABBREVIATIONS: &[&str] = &[
    "abb", "abs", "al", "anm", "approx", "apr", "apt", "art", "aug", "ave", "bd", "blvd", "bspw",
    "bzgl", "bzw", "ca", "cap", "capt", "cf", "cie", "co", "col", "corp", "dec", "dept", "dez",
    "dgl", "dipl", "dr", "dra", "ed", "eds", "eq", "esp", "etc", "evtl", "excl", "exkl", "feb",
    "fig", "figs", "fr", "gen", "ggf", "gov", "hr", "hrsg", "inc", "incl", "ing", "inkl", "jan",
    "jr", "jul", "jun", "kap", "lt", "ltd", "mar", "max", "mbh", "min", "mio", "mlle", "mme",
    "mr", "mrd", "mrs", "ms", "mt", "no", "nos", "nov", "nr", "núm", "oct", "okt", "op", "orig",
    "pag", "par", "pos", "pp", "prof", "pt", "ref", "resp", "rev", "sec", "sen", "sep", "sept",
    "sog", "sr", "sra", "srta", "st", "std", "str", "tab", "tel", "usw", "vgl", "vol", "vols",
    "vs", "zzgl",
];

/// Longest entry of the list in bytes; a longer word need not be looked up.
const LONGEST: usize = 6;

/// Whether `word`, which stands before a full stop, is written with one: in the list, an initial, or letters between full stops.
pub fn is_abbreviation(word: &str) -> bool {
    let mut characters = word.chars();
    match (characters.next(), characters.next()) {
        (None, _) => return false,
        (Some(first), None) => return first.is_alphabetic(),
        _ => {}
    }
    if word.contains('.') {
        return word.split('.').all(|part| part.chars().count() <= 2);
    }
    word.len() <= LONGEST
        && ABBREVIATIONS
            .binary_search(&word.to_lowercase().as_str())
            .is_ok()
}

#[cfg(test)]
#[test]
fn the_list_of_abbreviations_can_be_searched() {
    assert!(ABBREVIATIONS.is_sorted());
    assert!(ABBREVIATIONS.iter().all(|word| word.len() <= LONGEST));
}
