//! A real page, changed as pages are in the wild and as an attacker would change them.

use fastrand::Rng;

use super::{Markup, synthetic};
use crate::corpus::Document;

/// Changes per page.
const MOST_CHANGES: usize = 24;

/// About `size` bytes of page `page` and pages like it, with some changes.
pub fn mutated(
    rng: &mut Rng,
    documents: &[Document],
    page: usize,
    size: usize,
    markup: Markup,
) -> String {
    let mut text = excerpt(rng, &documents[page].text, size).to_owned();
    // Passages are short: other ones of the same collection follow.
    while text.len() < size / 2 {
        let other = &documents[(page + rng.usize(..64)) % documents.len()].text;
        text.push_str(["\n\n", "\n", " ", ""][rng.usize(..4)]);
        let missing = size.saturating_sub(text.len());
        text.push_str(excerpt(rng, other, missing));
        if rng.u32(..50) == 0 {
            break;
        }
    }
    for _ in 0..rng.usize(1..=MOST_CHANGES) {
        change(rng, &mut text, documents, markup);
    }
    text
}

fn change(rng: &mut Rng, text: &mut String, documents: &[Document], markup: Markup) {
    let at = place(rng, text);
    match rng.u32(..9) {
        0 => text.insert(at, synthetic::character(rng)),
        1 => text.insert_str(at, &synthetic::piece(rng)),
        2 => text.insert_str(at, &synthetic::block(rng, markup)),
        3 => {
            let other = &documents[rng.usize(..documents.len())].text;
            text.insert_str(at, excerpt(rng, other, 300));
        }
        4 => {
            let part = excerpt(rng, text, 80).to_owned();
            text.insert_str(at, &part.repeat(rng.usize(1..8)));
        }
        5 => {
            let until = text.ceil_char_boundary(at + rng.usize(..200));
            text.replace_range(at..until, "");
        }
        6 => {
            let until = text.ceil_char_boundary(at + 1);
            text.replace_range(
                at..until,
                synthetic::character(rng).encode_utf8(&mut [0; 4]),
            );
        }
        7 => text.truncate(if rng.u32(..8) == 0 { at } else { text.len() }),
        _ => {
            let mark = synthetic::character(rng).to_string();
            text.insert_str(at, &mark.repeat(rng.usize(1..200)));
        }
    }
}

fn place(rng: &mut Rng, text: &str) -> usize {
    text.floor_char_boundary(rng.usize(..=text.len()))
}

/// At most about `size` bytes from anywhere in `text`.
fn excerpt<'a>(rng: &mut Rng, text: &'a str, size: usize) -> &'a str {
    let latest = text.len().saturating_sub(size);
    let from = text.floor_char_boundary(rng.usize(..=latest));
    &text[from..text.ceil_char_boundary(from + size)]
}
