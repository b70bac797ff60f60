//! Borders between words.

use super::graphemes;
use super::sentences::Gap;
use unicode_segmentation::UnicodeSegmentation;

/// The last border between words after `from` and not after `to`: white space, or where a script is written without it, a
/// border of Unicode annex 29.
pub fn last_border(text: &str, from: usize, to: usize) -> Option<Gap> {
    let ahead = text[to..]
        .chars()
        .next()
        .into_iter()
        .filter(|c| is_breakable(*c));
    let behind = text[from..to].char_indices().rev();
    let spaces_first = ahead.map(|space| (to - from, space)).chain(behind);
    for (at, character) in spaces_first {
        if is_breakable(character) {
            let end = graphemes::trim_end(text, from, from + at);
            if end == from {
                return None;
            }
            // The space may belong to a grapheme cluster, which then is what a word is made of.
            if graphemes::is_border(text, from, end) {
                let start = graphemes::trim_start(text, end);
                return Some(Gap { end, start });
            }
        } else if is_unspaced(character) {
            return unspaced_border(text, from, to);
        }
    }
    None
}

/// The first start of a word at or after `from` and before `to`.
pub fn first_start(text: &str, from: usize, to: usize) -> Option<usize> {
    let starts_here = text[..from].ends_with(is_breakable) || text[from..].starts_with(is_unspaced);
    let start = if starts_here {
        from
    } else {
        let mut rest = text[from..to].char_indices();
        let (at, _) = rest.find(|(_, c)| is_breakable(*c) || is_unspaced(*c))?;
        from + at
    };
    let start = graphemes::trim_start(text, start);
    (start < to).then_some(start)
}

/// White space at which a line may break: all but the no-break spaces.
fn is_breakable(character: char) -> bool {
    character.is_whitespace() && !matches!(character, '\u{A0}' | '\u{202F}')
}

/// Han, Kana and their marks: scripts without spaces whose words annex 29 can tell apart.
fn is_unspaced(character: char) -> bool {
    matches!(character, '\u{2E80}'..='\u{2FDF}' | '\u{3001}'..='\u{31FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

/// The last border of annex 29 in the neighbourhood of `to` at which neither side is left with a mark that belongs to the other.
fn unspaced_border(text: &str, from: usize, to: usize) -> Option<Gap> {
    /// Bytes before `to` that are cut into words: some twenty Han characters.
    const REACH: usize = 64;
    /// Bytes behind `to` that decide whether it is a border.
    const LOOK_AHEAD: usize = 16;
    let first = floor(text, to.saturating_sub(REACH)).max(from);
    let last = floor(text, text.len().min(to + LOOK_AHEAD));
    text[first..last]
        .split_word_bound_indices()
        .map(|(at, _)| first + at)
        .rfind(|at| {
            *at > first
                && *at <= to
                && may_break(text, *at)
                && graphemes::is_border(text, from, *at)
        })
        .map(|at| Gap { end: at, start: at })
}

/// Whether a line may break at `at`: not before a closing mark, not behind an opening one.
fn may_break(text: &str, at: usize) -> bool {
    const NOT_FIRST: &str =
        "、。，．：；？！）］｝〉》」』】〕〗”’ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ%,.:;?!)]}";
    const NOT_LAST: &str = "（［｛〈《「『【〔〖“‘([{$";
    let first = text[at..].chars().next().unwrap_or(' ');
    let last = text[..at].chars().next_back().unwrap_or(' ');
    !NOT_FIRST.contains(first) && !NOT_LAST.contains(last)
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}
