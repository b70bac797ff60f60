//! What somebody wants to find, in lexemes.

use std::collections::BTreeSet;
use std::fmt;

/// A lexeme in the encoding of the database.
pub type Lexeme = Vec<u8>;

/// A question: what counts for a document, what it must have, and what it must not have.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Question {
    /// A document that has any of them is found; each counts once, by its best alternative.
    pub concepts: Vec<Concept>,
    /// A document must have each of them.
    pub required: Vec<Pattern>,
    /// A document must have none of them.
    pub excluded: Vec<Pattern>,
}

/// One thing that a question asks for, by all the names it has.
#[derive(Clone, Debug, PartialEq)]
pub struct Concept {
    /// What stands in the question; several words (a term such as "opening hours") count one by one.
    pub literal: Vec<Pattern>,
    /// What it may be called besides.
    pub alternatives: Vec<Alternative>,
}

impl Concept {
    /// A concept without other names.
    #[must_use]
    pub fn of(pattern: Pattern) -> Self {
        Self {
            literal: vec![pattern],
            alternatives: Vec::new(),
        }
    }

    /// All that it is called: what stands in the question, then the other names.
    pub fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        let others = self.alternatives.iter().map(|other| &other.pattern);
        self.literal.iter().chain(others)
    }
}

/// Another name of a concept.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    pub pattern: Pattern,
    /// How much it counts beside the literal, 0 to 1. It is never taken for more telling than the literal either.
    pub weight: f64,
}

/// What a document is searched for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pattern {
    /// A lexeme.
    Word(Lexeme),
    /// Any lexeme that begins so.
    Prefix(Lexeme),
    /// Lexemes that stand at these distances from the first, which is at 0.
    Phrase(Vec<(Lexeme, u16)>),
}

/// The lexemes and the beginnings that patterns name.
pub fn named<'a>(
    patterns: impl Iterator<Item = &'a Pattern>,
) -> (BTreeSet<Lexeme>, BTreeSet<Lexeme>) {
    let (mut lexemes, mut prefixes) = (BTreeSet::new(), BTreeSet::new());
    for pattern in patterns {
        match pattern {
            Pattern::Word(lexeme) => drop(lexemes.insert(lexeme.clone())),
            Pattern::Prefix(prefix) => drop(prefixes.insert(prefix.clone())),
            Pattern::Phrase(words) => lexemes.extend(words.iter().map(|(word, _)| word.clone())),
        }
    }
    (lexemes, prefixes)
}

/// As `tsquery` writes it.
impl fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let word = |lexeme: &'_ Lexeme| String::from_utf8_lossy(lexeme).into_owned();
        match self {
            Self::Word(lexeme) => formatter.write_str(&word(lexeme)),
            Self::Prefix(prefix) => write!(formatter, "{}:*", word(prefix)),
            Self::Phrase(lexemes) => {
                let words: Vec<String> = lexemes.iter().map(|(lexeme, _)| word(lexeme)).collect();
                formatter.write_str(&words.join(" <-> "))
            }
        }
    }
}

impl Pattern {
    /// The pattern for a text that has these lexemes at these positions: a word, or a phrase. Positions may have gaps,
    /// where the text has words that are not indexed. `None` without lexemes.
    #[must_use]
    pub fn from_positions(mut lexemes: Vec<(Lexeme, u16)>) -> Option<Self> {
        lexemes.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| a.0.cmp(&b.0)));
        let first = lexemes.first()?.1;
        if lexemes.len() == 1 {
            return lexemes.pop().map(|(lexeme, _)| Self::Word(lexeme));
        }
        for (_, position) in &mut lexemes {
            *position -= first;
        }
        Some(Self::Phrase(lexemes))
    }
}
