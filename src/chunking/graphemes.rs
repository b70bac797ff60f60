//! Borders between grapheme clusters (Unicode annex 29), asked for at single places instead of cutting the whole text.
//!
//! `from` is always a place that is known to be a border: what stands before it does not matter for what comes after.

use unicode_segmentation::GraphemeCursor;

/// Whether a cluster may end at `at`.
pub fn is_border(text: &str, from: usize, at: usize) -> bool {
    if at <= from || at >= text.len() {
        return true;
    }
    let bytes = text.as_bytes();
    let (before, behind) = (bytes[at - 1], bytes[at]);
    // Nothing joins a control character (rules GB3 to GB5), nor two characters of ASCII, but CR and LF.
    let is_ascii = before.is_ascii() && behind.is_ascii();
    if is_ascii || before.is_ascii_control() || behind.is_ascii_control() {
        return (before, behind) != (b'\r', b'\n');
    }
    let slice = &text[from..];
    GraphemeCursor::new(at - from, slice.len(), true)
        .is_boundary(slice, 0)
        .unwrap_or(true)
}

/// The last border at or before `at`.
pub fn border_before(text: &str, from: usize, at: usize) -> usize {
    if is_border(text, from, at) {
        return at;
    }
    let slice = &text[from..];
    GraphemeCursor::new(at - from, slice.len(), true)
        .prev_boundary(slice, 0)
        .ok()
        .flatten()
        .map_or(from, |border| from + border)
}

/// The first border after `from`.
pub fn border_after(text: &str, from: usize) -> usize {
    let slice = &text[from..];
    GraphemeCursor::new(0, slice.len(), true)
        .next_boundary(slice, 0)
        .ok()
        .flatten()
        .map_or(text.len(), |border| from + border)
}

/// `to` moved back over white space, not before `from`.
pub fn trim_end(text: &str, from: usize, to: usize) -> usize {
    let end = from + text[from..to].trim_end().len();
    // A space can belong to the cluster before it (after a prepended mark).
    match text[end..to].chars().next() {
        Some(space) if !is_border(text, from, end) => end + space.len_utf8(),
        _ => end,
    }
}

/// `from` moved forward over white space.
pub fn trim_start(text: &str, from: usize) -> usize {
    let start = text.len() - text[from..].trim_start().len();
    // A combining mark makes the space before it visible.
    match text[from..start].chars().next_back() {
        Some(space) if !is_border(text, from, start) => start - space.len_utf8(),
        _ => start,
    }
}
