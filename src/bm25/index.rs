//! Looks a question's patterns up in a tenant's segments: which documents have them, and how many those are.

use std::collections::HashMap;

use super::FIELDS;
use super::document::scored_patterns;
use super::postings::{Frequencies, List};
use super::question::{Pattern, Question};
use super::segment::Dead;

/// What has been read of a segment for a question.
pub struct Segment<'a> {
    /// How many documents it has, dead ones too.
    pub documents: u32,
    pub dead: &'a Dead,
    /// The postings of every lexeme that the question names, and of those that its beginnings stand for.
    pub lists: HashMap<&'a [u8], List<'a>>,
}

/// Documents of a segment that have a pattern, in order.
pub enum Found<'a> {
    List(List<'a>),
    Computed(Vec<(u32, Frequencies)>),
}

impl Found<'_> {
    /// How many they are, dead ones too.
    #[must_use]
    pub fn count(&self) -> usize {
        match self {
            Self::List(list) => list.count as usize,
            Self::Computed(found) => found.len(),
        }
    }

    /// The highest frequency in each field of any of them.
    #[must_use]
    pub fn most(&self) -> Frequencies {
        match self {
            Self::List(list) => list.most,
            Self::Computed(found) => found.iter().fold([0; FIELDS], |most, (_, frequencies)| {
                std::array::from_fn(|field| most[field].max(frequencies[field]))
            }),
        }
    }

    pub fn each(&self, mut take: impl FnMut(u32, Frequencies)) {
        match self {
            Self::List(list) => {
                for (document, frequencies) in list.iter() {
                    take(document, frequencies);
                }
            }
            Self::Computed(found) => {
                for &(document, frequencies) in found {
                    take(document, frequencies);
                }
            }
        }
    }

    /// Calls `take` with those of `wanted`, which is in order, that are among them: the place among the wanted, and the
    /// frequencies.
    pub fn each_of(&self, wanted: &[u32], mut take: impl FnMut(usize, Frequencies)) {
        match self {
            Self::List(list) => list.each_of(wanted, take),
            Self::Computed(found) => {
                for (place, document) in wanted.iter().enumerate() {
                    if let Ok(index) = found.binary_search_by_key(document, |found| found.0) {
                        take(place, found[index].1);
                    }
                }
            }
        }
    }

    fn count_living(&self, dead: &Dead) -> u64 {
        if dead.is_empty() {
            return match self {
                Self::List(list) => u64::from(list.count),
                Self::Computed(found) => found.len() as u64,
            };
        }
        let mut count = 0;
        self.each(|document, _| count += u64::from(!dead.contains(document)));
        count
    }
}

/// A question in the middle of being answered by one segment.
pub struct Matches<'a> {
    segment: &'a Segment<'a>,
    found: HashMap<&'a Pattern, Found<'a>>,
}

impl<'a> Matches<'a> {
    /// Looks every pattern of a question up.
    #[must_use]
    pub fn new(segment: &'a Segment<'a>, question: &'a Question) -> Self {
        let filters = question.required.iter().chain(&question.excluded);
        let found = scored_patterns(question)
            .into_iter()
            .chain(filters)
            .map(|pattern| (pattern, segment.find(pattern)))
            .collect();
        Self { segment, found }
    }

    /// How many living documents have a pattern.
    #[must_use]
    pub fn document_frequency(&self, pattern: &Pattern) -> u64 {
        self.found
            .get(pattern)
            .map_or(0, |found| found.count_living(self.segment.dead))
    }

    /// The documents that have a pattern.
    #[must_use]
    pub fn found(&self, pattern: &Pattern) -> Option<&Found<'a>> {
        self.found.get(pattern)
    }

    /// How many documents the segment has, dead ones too.
    #[must_use]
    pub fn documents(&self) -> u32 {
        self.segment.documents
    }

    /// Which documents the question must not find: those that are dead, excluded, or lack something required.
    #[must_use]
    pub fn hidden(&self, question: &Question) -> Hidden<'a> {
        let mut filtered = Vec::new();
        for pattern in &question.excluded {
            filtered.resize(self.segment.documents as usize, false);
            self.each_of(pattern, |document| mark(&mut filtered, document, true));
        }
        for pattern in &question.required {
            filtered.resize(self.segment.documents as usize, false);
            let mut lacks = vec![true; filtered.len()];
            self.each_of(pattern, |document| mark(&mut lacks, document, false));
            for (filtered, lacks) in filtered.iter_mut().zip(lacks) {
                *filtered |= lacks;
            }
        }
        Hidden {
            dead: self.segment.dead,
            filtered,
        }
    }

    fn each_of(&self, pattern: &Pattern, mut take: impl FnMut(u32)) {
        if let Some(found) = self.found.get(pattern) {
            found.each(|document, _| take(document));
        }
    }
}

fn mark(marks: &mut [bool], document: u32, value: bool) {
    if let Some(mark) = marks.get_mut(document as usize) {
        *mark = value;
    }
}

/// Documents of a segment that a question must not find.
pub struct Hidden<'a> {
    dead: &'a Dead,
    /// By number; empty where nothing is filtered.
    filtered: Vec<bool>,
}

impl Hidden<'_> {
    /// Whether a document is gone.
    #[must_use]
    pub fn is_dead(&self, document: u32) -> bool {
        self.dead.contains(document)
    }

    #[must_use]
    pub fn contains(&self, document: u32) -> bool {
        let is_filtered = self.filtered.get(document as usize).copied();
        is_filtered.unwrap_or(false) || self.dead.contains(document)
    }
}

impl<'a> Segment<'a> {
    fn find(&'a self, pattern: &'a Pattern) -> Found<'a> {
        match pattern {
            Pattern::Word(lexeme) => Found::List(self.list(lexeme)),
            Pattern::Prefix(prefix) => Found::Computed(self.with_prefix(prefix)),
            Pattern::Phrase(lexemes) => Found::Computed(self.with_phrase(lexemes)),
        }
    }

    fn list(&self, lexeme: &[u8]) -> List<'a> {
        self.lists.get(lexeme).copied().unwrap_or_default()
    }

    fn with_prefix(&self, prefix: &[u8]) -> Vec<(u32, Frequencies)> {
        let mut found: Vec<(u32, Frequencies)> = self
            .lists
            .iter()
            .filter(|(lexeme, _)| lexeme.starts_with(prefix))
            .flat_map(|(_, list)| list.iter())
            .collect();
        found.sort_unstable_by_key(|(document, _)| *document);
        found.dedup_by(|next, kept| {
            let is_same = next.0 == kept.0;
            if is_same {
                kept.1 = super::tsvector::add(kept.1, next.1);
            }
            is_same
        });
        found
    }

    /// Documents that have the lexemes at these distances. The rarest lexeme says which come into question.
    fn with_phrase(&self, lexemes: &[(Vec<u8>, u16)]) -> Vec<(u32, Frequencies)> {
        let lists: Vec<List> = lexemes
            .iter()
            .map(|(lexeme, _)| self.list(lexeme))
            .collect();
        let Some(rarest) = lists.iter().min_by_key(|list| list.count) else {
            return Vec::new();
        };
        // The positions of every lexeme in each of these documents, as far as all have been seen there.
        let mut places: HashMap<u32, Vec<Vec<u16>>> = rarest
            .iter()
            .map(|(document, _)| (document, Vec::with_capacity(lists.len())))
            .collect();
        for (index, list) in lists.iter().enumerate() {
            list.each_with_positions(|document, _, positions| {
                if let Some(seen) = places.get_mut(&document)
                    && seen.len() == index
                {
                    seen.push(positions.to_vec());
                }
            });
        }
        let mut found: Vec<(u32, Frequencies)> = places
            .into_iter()
            .filter(|(_, seen)| seen.len() == lists.len())
            .map(|(document, seen)| (document, occurrences(lexemes, &seen)))
            .filter(|(_, count)| *count > 0)
            .map(|(document, count)| {
                let mut frequencies = [0; FIELDS];
                frequencies[super::BODY] = count;
                (document, frequencies)
            })
            .collect();
        found.sort_unstable_by_key(|(document, _)| *document);
        found
    }
}

/// At how many places of a document a phrase begins.
fn occurrences(lexemes: &[(Vec<u8>, u16)], places: &[Vec<u16>]) -> u16 {
    let Some((first, others)) = places.split_first() else {
        return 0;
    };
    let begins_at = |position: u16| {
        others
            .iter()
            .zip(&lexemes[1..])
            .all(|(places, (_, distance))| {
                position
                    .checked_add(*distance)
                    .is_some_and(|wanted| places.contains(&wanted))
            })
    };
    let count = first.iter().filter(|&&position| begins_at(position));
    u16::try_from(count.count()).unwrap_or(u16::MAX)
}
