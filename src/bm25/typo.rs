//! Finds the word that somebody meant in a tenant's own vocabulary.

use std::collections::BTreeSet;

use super::question::Lexeme;

/// Shorter words have too many neighbours.
const MIN_CHARS: usize = 4;
/// From this length on two slips are believed, below one.
const LONG_WORD: usize = 8;
/// Words that share fewer of their trigrams are not compared letter by letter. A swap of two letters in a word of six
/// leaves 3 of 11.
const MIN_SIMILARITY: f64 = 0.2;

/// Whether a word that no document has may be a slip. One with digits is a number or a name, and a neighbour of it another.
#[must_use]
pub fn may_be_slip(word: &str) -> bool {
    word.chars().count() >= MIN_CHARS && word.chars().all(char::is_alphabetic)
}

/// Of a vocabulary with document frequencies, the word nearest to `word`, the most frequent of equally near ones; `None`
/// when none is near enough.
#[must_use]
pub fn nearest<'a>(
    word: &str,
    vocabulary: impl Iterator<Item = (&'a [u8], u32)>,
) -> Option<Lexeme> {
    let letters: Vec<char> = word.chars().collect();
    let trigrams = trigrams(&letters);
    let most = if letters.len() < LONG_WORD { 1 } else { 2 };
    vocabulary
        .filter_map(|(lexeme, count)| {
            let other: Vec<char> = std::str::from_utf8(lexeme).ok()?.chars().collect();
            if other.len().abs_diff(letters.len()) > most || other.iter().any(char::is_ascii_digit)
            {
                return None;
            }
            (similarity(&trigrams, &self::trigrams(&other)) >= MIN_SIMILARITY).then_some(())?;
            let distance = distance(&letters, &other);
            (distance <= most).then_some((distance, count, lexeme))
        })
        .min_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)).then(a.2.cmp(b.2)))
        .map(|(_, _, lexeme)| lexeme.to_vec())
}

/// The trigrams of a word as `pg_trgm` has them: two blanks before it, one after.
fn trigrams(letters: &[char]) -> BTreeSet<[char; 3]> {
    let padded: Vec<char> = [' ', ' ']
        .iter()
        .chain(letters)
        .chain(&[' '])
        .copied()
        .collect();
    padded
        .windows(3)
        .map(|three| [three[0], three[1], three[2]])
        .collect()
}

/// The share of trigrams that two words have in common.
#[allow(clippy::cast_precision_loss)]
fn similarity(a: &BTreeSet<[char; 3]>, b: &BTreeSet<[char; 3]>) -> f64 {
    let common = a.intersection(b).count();
    common as f64 / (a.len() + b.len() - common).max(1) as f64
}

/// How many insertions, deletions, changes of a letter and swaps of neighbours lead from one word to the other (optimal
/// string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let change = usize::from(a[i - 1] != b[j - 1]);
                let least = (rows[i - 1][j] + 1)
                    .min(rows[i][j - 1] + 1)
                    .min(rows[i - 1][j - 1] + change);
                let is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                if is_swap {
                    least.min(rows[i - 2][j - 2] + 1)
                } else {
                    least
                }
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const VOCABULARY: [(&str, u32); 6] = [
        ("refund", 9),
        ("refuse", 3),
        ("return", 40),
        ("warranti", 5),
        ("card", 7),
        ("cart", 8),
    ];

    fn nearest_word(word: &str) -> Option<String> {
        let vocabulary = VOCABULARY
            .iter()
            .map(|(word, count)| (word.as_bytes(), *count));
        nearest(word, vocabulary).map(|lexeme| String::from_utf8_lossy(&lexeme).into_owned())
    }

    #[test]
    fn a_slip_leads_to_the_word_that_was_meant() {
        for (slip, word) in [
            ("refnud", "refund"),
            ("refun", "refund"),
            ("refuund", "refund"),
            ("retrun", "return"),
            ("waranti", "warranti"),
            // Both are one letter away: the one that more documents have.
            ("carx", "cart"),
        ] {
            assert_eq!(nearest_word(slip).as_deref(), Some(word), "{slip}");
        }
    }

    #[test]
    fn a_word_without_a_near_one_stays() {
        for word in ["shipping", "xxxxxx", "ref", "rexxnd"] {
            assert_eq!(nearest_word(word), None, "{word}");
        }
    }

    #[test]
    fn numbers_and_short_words_are_no_slips() {
        assert!(may_be_slip("refnud"));
        for word in ["abc", "x100", "2024", "a-bcd"] {
            assert!(!may_be_slip(word), "{word}");
        }
    }
}
