//! Ends of sentences, recognised at single places.
//!
//! Every end found here is one of Unicode annex 29 (rules SB4 to SB11). Fewer are found than there: a full stop, `!` or `?` needs
//! white space behind it (`24.90`, `example.com/?q=1`), and one behind an abbreviation, an initial or a short number does not count.
//! One thing differs: a bracket or quotation mark that opens right behind `。` begins the next sentence, as its readers expect.

use super::abbreviations::is_abbreviation;
use super::graphemes;
use memchr::{memchr3_iter, memrchr3_iter};

/// A place between two pieces of text: where the first ends and where the second starts, white space between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// End of what comes before.
    pub end: usize,
    /// Start of what comes after.
    pub start: usize,
}

/// The last end of a sentence after `from` and not after `to`.
pub fn last_end(text: &str, from: usize, to: usize) -> Option<Gap> {
    let fits = |gap: &Gap| gap.end > from && gap.end <= to;
    let window = &text[from..to];
    if window.is_ascii() {
        return memrchr3_iter(b'.', b'!', b'?', window.as_bytes())
            .filter_map(|at| end_at(text, from + at))
            .find(fits);
    }
    window
        .char_indices()
        .rev()
        .filter(|(_, mark)| Terminator::of(*mark).is_some())
        .filter_map(|(at, _)| end_at(text, from + at))
        .find(fits)
}

/// The first start of a sentence at or after `from` and before `to`.
pub fn first_start(text: &str, from: usize, to: usize) -> Option<usize> {
    let fits = |gap: &Gap| gap.start >= from && gap.start < to;
    let window = &text[from..to];
    let gap = if window.is_ascii() {
        memchr3_iter(b'.', b'!', b'?', window.as_bytes())
            .filter_map(|at| end_at(text, from + at))
            .find(fits)
    } else {
        window
            .char_indices()
            .filter(|(_, mark)| Terminator::of(*mark).is_some())
            .filter_map(|(at, _)| end_at(text, from + at))
            .find(fits)
    };
    gap.map(|gap| gap.start)
}

/// Whether a sentence may end with the last character of `line`.
pub fn ends_sentence(line: &str) -> bool {
    line.chars()
        .next_back()
        .is_some_and(|last| Terminator::of(last).is_some())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Terminator {
    /// Full stop: needs white space behind it, and may belong to an abbreviation.
    Dot,
    /// `!` or `?`: needs white space behind it, as both occur in urls and code.
    Mark,
    /// The terminators of scripts that may be written without spaces.
    Full,
}

impl Terminator {
    /// Characters of the property values `STerm` and `ATerm` that are in use in living languages.
    fn of(character: char) -> Option<Self> {
        match character {
            '.' => Some(Self::Dot),
            '!' | '?' | '\u{203C}' | '\u{203D}' | '\u{2047}'..='\u{2049}' => Some(Self::Mark),
            // Armenian, Arabic, Devanagari and its neighbours, Burmese, Ethiopic, Canadian, Khmer, Mongolian
            '\u{0589}' | '\u{061F}' | '\u{06D4}' | '\u{0964}' | '\u{0965}' | '\u{104A}' | '\u{104B}' | '\u{1362}' | '\u{1367}'
            | '\u{1368}' | '\u{166E}' | '\u{17D4}' | '\u{17D5}' | '\u{1803}' | '\u{1809}'
            // Chinese, Japanese and their full and half width forms
            | '\u{3002}' | '\u{FF01}' | '\u{FF1F}' | '\u{FF61}' => Some(Self::Full),
            _ => None,
        }
    }
}

/// The end of the sentence whose terminator stands at `at`.
fn end_at(text: &str, at: usize) -> Option<Gap> {
    let (last, behind) = skip_terminators(text, at)?;
    let end = skip_closers(text, behind)?;
    let rest = &text[end..];
    let next = rest.trim_start();
    let start = text.len() - next.len();
    let spaced = start > end || next.is_empty();
    let ends = match last {
        Terminator::Full => {
            let opening = skip_row(text, start, is_opener)?;
            !continues(&text[opening..])
        }
        Terminator::Mark => spaced && !continues(next),
        Terminator::Dot => {
            spaced
                && !continues(next)
                && (has_line_break(&rest[..start - end]) || begins_sentence(next))
                && !belongs_to_word(text, at)
        }
    };
    let whole = |place| graphemes::is_border(text, at, place);
    (ends && whole(end) && whole(start)).then_some(Gap { end, start })
}

/// Longest row of terminators, and of closing marks behind it, that still ends a sentence. More of them are an ornament
/// (`........ 12`), and reading each row to its end from each of its characters would take quadratic time.
const LONGEST_ROW: usize = 8;

/// The kind of the terminators in a row at `at`, and where the row ends. A row with a full stop in it counts as one.
fn skip_terminators(text: &str, at: usize) -> Option<(Terminator, usize)> {
    let behind = skip_row(text, at, |mark| Terminator::of(mark).is_some())?;
    let row = &text[at..behind];
    let kind = if row.contains('.') {
        Terminator::Dot
    } else {
        Terminator::of(row.chars().next()?)?
    };
    Some((kind, behind))
}

fn skip_closers(text: &str, from: usize) -> Option<usize> {
    skip_row(text, from, is_closer)
}

/// Where the row of characters that are `members` ends; None when it is longer than a row may be.
fn skip_row(text: &str, from: usize, members: impl Fn(char) -> bool) -> Option<usize> {
    let mut row = text[from..].char_indices();
    for _ in 0..=LONGEST_ROW {
        match row.next() {
            None => return Some(text.len()),
            Some((offset, mark)) if !members(mark) => return Some(from + offset),
            Some(_) => {}
        }
    }
    None
}

/// Quotation marks and brackets that stand behind a terminator and belong to its sentence.
fn is_closer(character: char) -> bool {
    matches!(
        character,
        '"' | '\''
            | ')'
            | ']'
            | '}'
            | '’'
            | '”'
            | '»'
            | '›'
            | '“'
            | '」'
            | '』'
            | '）'
            | '】'
            | '》'
            | '〉'
            | '］'
            | '〕'
    )
}

/// Quotation marks and brackets that stand before a sentence.
fn is_opener(character: char) -> bool {
    matches!(
        character,
        '"' | '\''
            | '('
            | '['
            | '{'
            | '‘'
            | '“'
            | '«'
            | '‹'
            | '「'
            | '『'
            | '（'
            | '【'
            | '《'
            | '〈'
            | '［'
            | '〔'
            | '｛'
    )
}

/// Whether the text goes on with a mark that joins it to the sentence before (rule SB8a): one of the property value `SContinue`,
/// or another terminator.
fn continues(rest: &str) -> bool {
    #[rustfmt::skip]
    let joins = |next| matches!(
        next,
        ',' | '-' | ':' | ';' | '\u{037E}' | '\u{055D}' | '\u{060C}' | '\u{060D}' | '\u{061B}' | '\u{07F8}' | '\u{1802}' | '\u{1808}'
            | '\u{2013}' | '\u{2014}' | '\u{3001}' | '\u{FE10}' | '\u{FE11}' | '\u{FE13}' | '\u{FE14}' | '\u{FE31}' | '\u{FE32}'
            | '\u{FE50}' | '\u{FE51}' | '\u{FE54}' | '\u{FE55}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0C}' | '\u{FF0D}' | '\u{FF1A}'
            | '\u{FF1B}' | '\u{FF64}'
    );
    rest.chars()
        .next()
        .is_some_and(|next| joins(next) || Terminator::of(next).is_some())
}

fn has_line_break(space: &str) -> bool {
    space.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'])
}

/// Whether the first letter of what follows a full stop is not a small one (rule SB8). Behind digits and brackets it must be a
/// capital: a letter without case cannot be told from a combining mark there.
fn begins_sentence(next: &str) -> bool {
    /// How far to look for a letter behind brackets and digits.
    const REACH: usize = 32;
    let Some(first) = next.chars().next() else {
        return true;
    };
    if first.is_alphabetic() {
        return !first.is_lowercase();
    }
    next.chars()
        .take(REACH)
        .find(|c| c.is_lowercase() || c.is_uppercase())
        .is_some_and(char::is_uppercase)
}

/// Whether the full stop at `at` belongs to the word before it: an abbreviation, or an ordinal number or list number.
fn belongs_to_word(text: &str, at: usize) -> bool {
    /// More bytes than any abbreviation has.
    const REACH: usize = 24;
    /// Numbers of up to two digits are taken for ordinals (`3. Oktober`, `1. Unpack`), longer ones for years and amounts.
    const ORDINAL_DIGITS: usize = 2;
    let mut from = at.saturating_sub(REACH);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = &text[from..at];
    let word = before
        .rsplit(|c: char| !c.is_alphanumeric() && c != '.')
        .next()
        .unwrap_or_default();
    let is_ordinal =
        (1..=ORDINAL_DIGITS).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
    is_ordinal || is_abbreviation(word)
}
