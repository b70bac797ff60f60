//! Arithmetic in characters over UTF-8: a character begins at every byte that is not a continuation byte.

/// Most bytes of a character.
pub const LONGEST: usize = 4;

/// A place of a text that is known by its characters too.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place {
    pub at: usize,
    /// Characters before it.
    pub chars: usize,
}

impl Place {
    /// The same for the place `at`; reads what lies between the two.
    pub fn moved(self, text: &str, at: usize) -> Self {
        let chars = if at >= self.at {
            self.chars + count(&text[self.at..at])
        } else {
            self.chars - count(&text[at..self.at])
        };
        Self { at, chars }
    }

    /// The place `chars` characters further, or the end of the text.
    pub fn advanced(self, text: &str, chars: usize) -> Self {
        let bytes = text.as_bytes();
        let (mut at, mut left) = (self.at, chars);
        // A block of as many bytes as characters are missing holds at most that many, so no block passes the goal.
        while left > 0 && at < bytes.len() {
            let block = &bytes[at..bytes.len().min(at + left)];
            left -= bytecount::num_chars(block);
            at += block.len();
        }
        // The last character may have begun before `at` and end after it.
        while at < bytes.len() && !text.is_char_boundary(at) {
            at += 1;
        }
        let chars = self.chars + chars - left;
        Self { at, chars }
    }
}

/// The number of characters in `text`.
pub fn count(text: &str) -> usize {
    bytecount::num_chars(text.as_bytes())
}

/// The place `chars` characters before `to`, or `floor` when that is nearer.
pub fn retreat(text: &str, to: usize, chars: usize, floor: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut left) = (to, chars);
    while left > 0 && at > floor {
        let block = &bytes[floor.max(at.saturating_sub(left))..at];
        left -= bytecount::num_chars(block);
        at -= block.len();
    }
    at
}

/// Whether `text` has at most `chars` characters; reads no more of it than needed.
pub fn fits(text: &str, chars: usize) -> bool {
    text.len() <= chars || (text.len() <= chars * LONGEST && count(text) <= chars)
}
