//! Arithmetic in characters over UTF-8: a character begins at every byte that is not a continuation byte.

/// Most bytes of a character.
pub const LONGEST: usize = 4;

/// The number of characters in `text`.
pub fn count(text: &str) -> usize {
    count_bytes(text.as_bytes())
}

/// The place `chars` characters after `from`, or the end of the text.
pub fn advance(text: &str, from: usize, chars: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut left) = (from, chars);
    // A block of as many bytes as characters are missing holds at most that many, so no block passes the goal.
    while left > 0 && at < bytes.len() {
        let block = &bytes[at..bytes.len().min(at + left)];
        left -= count_bytes(block);
        at += block.len();
    }
    // The last character may have begun before `at` and end after it.
    while at < bytes.len() && !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// The place `chars` characters before `to`, or `floor` when that is nearer.
pub fn retreat(text: &str, to: usize, chars: usize, floor: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut left) = (to, chars);
    while left > 0 && at > floor {
        let block = &bytes[floor.max(at.saturating_sub(left))..at];
        left -= count_bytes(block);
        at -= block.len();
    }
    at
}

/// Whether `text` has at most `chars` characters; reads no more of it than needed.
pub fn fits(text: &str, chars: usize) -> bool {
    text.len() <= chars || (text.len() <= chars * LONGEST && count(text) <= chars)
}

fn count_bytes(bytes: &[u8]) -> usize {
    const FIRST_NON_CONTINUATION: i8 = -64;
    bytes
        .iter()
        .filter(|byte| byte.cast_signed() >= FIRST_NON_CONTINUATION)
        .count()
}
