//! What the tokenizer's pattern tells apart: letters (`\p{L}`), numbers (`\p{N}`), white space (`\s`) and the rest.

use regex_syntax::hir::{Class as Set, HirKind};
use std::sync::LazyLock;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Other = 0,
    Letter = 1,
    Number = 2,
    Space = 3,
}

/// Characters per byte of the table: two bits each.
const PER_BYTE: u32 = 4;

/// The classes of all characters. They are those of the regex crates, which are what the original tokenizer runs on.
static TABLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut table = vec![0; (char::MAX as u32 / PER_BYTE + 1) as usize];
    for (pattern, class) in [
        (r"\p{L}", Class::Letter),
        (r"\p{N}", Class::Number),
        (r"\s", Class::Space),
    ] {
        for (first, last) in ranges(pattern) {
            for code in u32::from(first)..=u32::from(last) {
                table[(code / PER_BYTE) as usize] |= (class as u8) << (code % PER_BYTE * 2);
            }
        }
    }
    table
});

/// The characters of a pattern that is one class.
fn ranges(pattern: &str) -> Vec<(char, char)> {
    let parsed = regex_syntax::parse(pattern).map(regex_syntax::hir::Hir::into_kind);
    match parsed {
        Ok(HirKind::Class(Set::Unicode(set))) => set
            .iter()
            .map(|range| (range.start(), range.end()))
            .collect(),
        _ => unreachable!("{pattern} is a class of characters"),
    }
}

/// The class of any character.
pub fn table() -> &'static [u8] {
    &TABLE
}

/// The class of `character` in the [`table`].
pub fn class(table: &[u8], character: char) -> Class {
    let code = u32::from(character);
    match (table[(code / PER_BYTE) as usize] >> (code % PER_BYTE * 2)) & 3 {
        1 => Class::Letter,
        2 => Class::Number,
        3 => Class::Space,
        _ => Class::Other,
    }
}

/// The class of each ASCII character.
pub static ASCII: [Class; 128] = {
    let mut classes = [Class::Other; 128];
    let mut code: u8 = 0;
    while code < 128 {
        classes[code as usize] = match code {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' => Class::Number,
            b'\t'..=b'\r' | b' ' => Class::Space,
            _ => Class::Other,
        };
        code += 1;
    }
    classes
};
