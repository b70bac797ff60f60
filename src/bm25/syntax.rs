//! What people may write into a question besides words: `"an exact phrase"`, `-excluded`, `-"excluded phrase"`, `begin*`.
//!
//! Whatever is not one of these is words; no text is an error.

/// Beyond so many words a text was pasted, and its quotation marks and hyphens are not meant as syntax.
const MAX_TYPED_WORDS: usize = 32;

/// Shorter beginnings stand for too many words.
const MIN_PREFIX_CHARS: usize = 2;

/// A question taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// All words that are asked for, those of phrases too.
    pub words: String,
    /// What must stand in a document exactly so.
    pub phrases: Vec<String>,
    /// What must not stand in it.
    pub excluded: Vec<String>,
    /// Beginnings of words, in lower case.
    pub prefixes: Vec<String>,
}

/// Takes a question apart.
#[must_use]
pub fn parts(text: &str) -> Parts {
    if text.split_whitespace().nth(MAX_TYPED_WORDS).is_some() {
        return Parts {
            words: text.to_owned(),
            ..Parts::default()
        };
    }
    let mut parts = Parts::default();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (sign, unsigned) = match rest.strip_prefix('-') {
            Some(after) if after.starts_with(|c: char| c == '"' || c.is_alphanumeric()) => {
                (true, after)
            }
            _ => (false, rest),
        };
        let quoted = unsigned
            .strip_prefix('"')
            .and_then(|inside| inside.split_once('"'));
        let (part, after) = quoted.unwrap_or_else(|| {
            unsigned
                .split_once(char::is_whitespace)
                .unwrap_or((unsigned, ""))
        });
        parts.take(part, sign, quoted.is_some());
        rest = after.trim_start();
    }
    parts
}

impl Parts {
    fn take(&mut self, part: &str, is_excluded: bool, is_quoted: bool) {
        if is_excluded {
            self.excluded.push(part.to_owned());
            return;
        }
        if is_quoted {
            self.phrases.push(part.to_owned());
        } else if let Some(prefix) = prefix(part) {
            self.prefixes.push(prefix);
            return;
        }
        if !self.words.is_empty() {
            self.words.push(' ');
        }
        self.words.push_str(part);
    }
}

fn prefix(word: &str) -> Option<String> {
    let prefix = word.strip_suffix('*')?;
    let is_word =
        prefix.chars().all(char::is_alphanumeric) && prefix.chars().count() >= MIN_PREFIX_CHARS;
    is_word.then(|| prefix.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|&text| text.to_owned()).collect()
    }

    #[test]
    fn words_are_words() {
        let text = "How do I return it? a-b c:\\d 5\" * - \"unclosed";
        let parts = parts(text);
        assert_eq!(parts.words, text);
        assert_eq!(parts.phrases, strings(&[]));
        assert_eq!(parts.excluded, strings(&[]));
    }

    #[test]
    fn phrases_exclusions_and_beginnings_are_told_apart() {
        let parts = parts("where \"opening hours\" -sunday -\"bank holiday\" Refund*");
        assert_eq!(parts.words, "where opening hours");
        assert_eq!(parts.phrases, strings(&["opening hours"]));
        assert_eq!(parts.excluded, strings(&["sunday", "bank holiday"]));
        assert_eq!(parts.prefixes, strings(&["refund"]));
    }

    #[test]
    fn pasted_text_has_no_syntax() {
        let pasted = "-word \"a b\" c* ".repeat(20);
        assert_eq!(parts(&pasted).words, pasted);
    }

    #[test]
    fn a_beginning_of_one_letter_is_a_word() {
        assert_eq!(parts("a* ab*").words, "a*");
    }
}
