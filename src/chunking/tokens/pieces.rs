//! The pieces into which the tokenizer cuts a text before it encodes them, those of this pattern, first alternative first:
//!
//! `'(?i:[sdmt]|ll|ve|re)`, `[^\r\n\p{L}\p{N}]?\p{L}+`, `\p{N}{1,3}`, ` ?[^\s\p{L}\p{N}]+[\r\n]*`, `\s*[\r\n]+`, `\s+(?!\S)`,
//! `\s+`. Written out, since the regular expression takes longer than the encoding.

use super::classes::{self, ASCII, Class, class};

/// Finds the ends of pieces.
pub struct Pieces<'a> {
    text: &'a str,
    bytes: &'a [u8],
    table: &'static [u8],
}

impl<'a> Pieces<'a> {
    pub fn of(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            table: classes::table(),
        }
    }

    /// The end of the piece that starts at `at`.
    pub fn end(&self, at: usize) -> usize {
        let Some((class, behind)) = self.class_at(at) else {
            return at;
        };
        match class {
            Class::Letter => self.run(behind, Class::Letter),
            Class::Number => self.number(behind),
            Class::Space | Class::Other => self
                .contraction(at)
                .unwrap_or_else(|| self.mark_or_space(at, class, behind)),
        }
    }

    /// The end of the piece that starts at `at` with a character of `class` that ends at `behind`.
    fn mark_or_space(&self, at: usize, class: Class, behind: usize) -> usize {
        let first = self.bytes[at];
        match self.class_at(behind) {
            Some((Class::Letter, behind)) if !is_line_break(first) => {
                self.run(behind, Class::Letter)
            }
            Some((Class::Other, behind)) if first == b' ' || class == Class::Other => {
                self.line_breaks(self.run(behind, Class::Other))
            }
            _ if class == Class::Other => self.line_breaks(behind),
            _ => self.space(at, behind),
        }
    }

    /// The end of an English contraction whose apostrophe stands at `at`.
    fn contraction(&self, at: usize) -> Option<usize> {
        let rest = self.bytes[at..].strip_prefix(b"'")?;
        let length = match rest {
            [first, second, ..] if is_pair(*first, *second) => 2,
            [first, ..] if b"sdmt".contains(&first.to_ascii_lowercase()) => 1,
            // The long s is an s too when case does not matter.
            [0xC5, 0xBF, ..] => 2,
            _ => return None,
        };
        Some(at + 1 + length)
    }

    /// The end of a number whose first digit ends at `behind`.
    fn number(&self, behind: usize) -> usize {
        /// Digits behind the first one.
        const MOST: usize = 2;
        let mut end = behind;
        for _ in 0..MOST {
            match self.class_at(end) {
                Some((Class::Number, behind)) => end = behind,
                _ => break,
            }
        }
        end
    }

    /// The end of the white space that starts at `at`, whose first character ends at `behind`.
    fn space(&self, at: usize, behind: usize) -> usize {
        let end = self.run(behind, Class::Space);
        let space = &self.bytes[at..end];
        if let Some(last) = space.iter().rposition(|byte| is_line_break(*byte)) {
            return at + last + 1;
        }
        if end == self.bytes.len() {
            return end;
        }
        // The last space belongs to the word behind it, unless it is the only one.
        let last = self.text[at..end].char_indices().next_back();
        match last {
            Some((offset, _)) if offset > 0 => at + offset,
            _ => end,
        }
    }

    fn line_breaks(&self, from: usize) -> usize {
        let breaks = self.bytes[from..]
            .iter()
            .take_while(|byte| is_line_break(**byte));
        from + breaks.count()
    }

    /// The end of the characters of `class` from `at` on.
    fn run(&self, mut at: usize, class: Class) -> usize {
        while let Some((found, behind)) = self.class_at(at) {
            if found != class {
                break;
            }
            at = behind;
        }
        at
    }

    /// The class of the character at `at`, and where it ends.
    #[inline]
    fn class_at(&self, at: usize) -> Option<(Class, usize)> {
        let first = *self.bytes.get(at)?;
        if let Some(class) = ASCII.get(usize::from(first)) {
            return Some((*class, at + 1));
        }
        let character = self.text[at..].chars().next()?;
        Some((class(self.table, character), at + character.len_utf8()))
    }
}

fn is_line_break(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

fn is_pair(first: u8, second: u8) -> bool {
    let pair = [first.to_ascii_lowercase(), second.to_ascii_lowercase()];
    [*b"ll", *b"ve", *b"re"].contains(&pair)
}
