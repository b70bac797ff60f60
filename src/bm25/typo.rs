//! Finds the word that somebody meant in a tenant's own vocabulary.

use std::collections::BTreeSet;

use super::question::Lexeme;

/// Shorter words have too many neighbours.
const MIN_CHARS: usize = 4;
/// From this length on two slips are believed, below one.
const LONG_WORD: usize = 8;
/// Words that share fewer of their trigrams are not taken for each other. A swap of two letters in a word of six leaves 3 of 11.
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
    let (mut other, mut rows) = (Vec::new(), Rows::default());
    vocabulary
        .filter_map(|(lexeme, count)| {
            other.clear();
            other.extend(std::str::from_utf8(lexeme).ok()?.chars());
            if other.len().abs_diff(letters.len()) > most || other.iter().any(char::is_ascii_digit)
            {
                return None;
            }
            let distance = rows.distance(&letters, &other, most)?;
            (similarity(&trigrams, &self::trigrams(&other)) >= MIN_SIMILARITY)
                .then_some((distance, count, lexeme))
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

/// Room for the distances of the beginnings of two words: those of a beginning of one from all of the other, and those of the
/// two shorter beginnings before.
#[derive(Default)]
struct Rows([Vec<usize>; 3]);

impl Rows {
    /// How many insertions, deletions, changes of a letter and swaps of neighbours lead from one word to the other (optimal
    /// string alignment), if no more than `most`.
    fn distance(&mut self, a: &[char], b: &[char], most: usize) -> Option<usize> {
        let [before_last, last, row] = &mut self.0;
        for row in [&mut *before_last, &mut *last, &mut *row] {
            row.clear();
            row.extend(0..=b.len());
        }
        let mut was_near = true;
        for i in 1..=a.len() {
            std::mem::swap(before_last, last);
            std::mem::swap(last, row);
            row[0] = i;
            for j in 1..=b.len() {
                let change = usize::from(a[i - 1] != b[j - 1]);
                let least = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + change);
                let is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                row[j] = if is_swap {
                    least.min(before_last[j - 2] + 1)
                } else {
                    least
                };
            }
            // A distance grows from one of the last two rows.
            let is_near = row.iter().any(|&distance| distance <= most);
            if !is_near && !was_near {
                return None;
            }
            was_near = is_near;
        }
        Some(row[b.len()]).filter(|&distance| distance <= most)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    /// The distance by its definition.
    fn plain_distance(a: &[char], b: &[char]) -> usize {
        let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                if i == 0 || j == 0 {
                    rows[i][j] = i + j;
                    continue;
                }
                let change = usize::from(a[i - 1] != b[j - 1]);
                rows[i][j] = (rows[i - 1][j] + 1)
                    .min(rows[i][j - 1] + 1)
                    .min(rows[i - 1][j - 1] + change);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    rows[i][j] = rows[i][j].min(rows[i - 2][j - 2] + 1);
                }
            }
        }
        rows[a.len()][b.len()]
    }

    proptest! {
        #[test]
        fn a_distance_is_found_up_to_the_limit(words in proptest::collection::vec("[ab]{0,6}|[a-d]{1,9}", 2..5)) {
            let words: Vec<Vec<char>> = words.iter().map(|word| word.chars().collect()).collect();
            let mut rows = Rows::default();
            for (a, b) in words.iter().zip(&words[1..]) {
                for most in 0..4 {
                    let expected = Some(plain_distance(a, b)).filter(|&distance| distance <= most);
                    prop_assert_eq!(rows.distance(a, b, most), expected);
                }
            }
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
