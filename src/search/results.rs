//! What is shown of the chunks that were found.

use std::collections::{HashMap, HashSet};

use pgrx::Uuid;

use super::candidates::{Match, Ranking};
use super::highlight;
use crate::bm25::document::has;
use crate::bm25::question::{Concept, Pattern, Question};
use crate::bm25::tsvector::TsVector;
use crate::error::{Error, Result, required};
use crate::opaque::StoredVector;
use crate::spi;
use crate::tenancy::Domain;

/// A prompt with more of a page around each chunk wants the page.
const MAX_NEIGHBOURS: i32 = 10;

/// How much is shown, and how.
pub struct Shown {
    /// The most rows.
    pub count: usize,
    /// Only the best chunk of each page.
    pub is_one_per_page: bool,
    /// How many chunks before and after each are shown with it.
    pub neighbours: i32,
    pub is_highlighted: bool,
}

/// What a result shows of a chunk.
pub struct Chunk {
    pub page_id: Uuid,
    pub url: String,
    pub title: Option<String>,
    pub text: String,
    pub heading_path: Option<Vec<String>>,
    /// What the chunk has of the question, in lexemes.
    pub matched_terms: Vec<String>,
    /// The text as HTML with the words of the question marked, when asked for.
    pub highlight: Option<String>,
    /// The text with that of its neighbours, when asked for.
    pub context: Option<String>,
}

impl Shown {
    /// So many rows, and nothing else.
    pub fn rows(count: usize) -> Self {
        Self {
            count,
            is_one_per_page: false,
            neighbours: 0,
            is_highlighted: false,
        }
    }

    /// What the arguments of a search say.
    pub fn checked(
        count: usize,
        is_one_per_page: Option<bool>,
        neighbours: Option<i32>,
        is_highlighted: Option<bool>,
    ) -> Result<Self> {
        let neighbours = required("neighbours", neighbours)?;
        if !(0..=MAX_NEIGHBOURS).contains(&neighbours) {
            return Err(Error::InvalidArgument(
                format!("neighbours must be between 0 and {MAX_NEIGHBOURS}, got {neighbours}"),
                "Ask for fewer neighbours, or read the page.",
            )
            .into());
        }
        Ok(Self {
            count,
            is_one_per_page: required("best_per_page", is_one_per_page)?,
            neighbours,
            is_highlighted: required("highlight", is_highlighted)?,
        })
    }
}

/// The first of a ranked list whose pages still count. Nearly always those are the first of the list.
pub fn best_chunks(
    domain: &Domain,
    ranking: &Ranking,
    shown: &Shown,
) -> Result<Vec<(Match, Chunk)>> {
    let mut best = Vec::with_capacity(shown.count);
    let mut pages = HashSet::new();
    let terms = Terms::of(&ranking.question);
    for part in ranking.matches.chunks(shown.count) {
        let chunks = readable_chunks(part, &terms)?.into_iter();
        best.extend(
            chunks.filter(|(_, chunk)| !shown.is_one_per_page || pages.insert(chunk.page_id)),
        );
        if best.len() >= shown.count {
            break;
        }
    }
    best.truncate(shown.count);
    if shown.is_highlighted {
        add_highlights(domain, &ranking.question, &mut best)?;
    }
    if shown.neighbours > 0 {
        add_context(&mut best, shown.neighbours)?;
    }
    Ok(best)
}

/// The chunks of a part of a ranked list, in its order, without those of deleted pages.
fn readable_chunks(part: &[Match], terms: &Terms) -> Result<Vec<(Match, Chunk)>> {
    let chunks = spi::select(
        include_str!("../../sql/queries/search/chunks_by_id.sql"),
        &[ids(part.iter()).into()],
        |row| {
            let position = spi::value::<i64>(row, 1)?;
            let words: Option<StoredVector> = spi::column(row, 7)?;
            let words = words.as_ref().map_or(&[][..], |words| &words.0);
            Ok((
                position,
                Chunk {
                    page_id: spi::value(row, 2)?,
                    url: spi::value(row, 3)?,
                    title: spi::column(row, 4)?,
                    text: spi::value(row, 5)?,
                    heading_path: spi::column(row, 6)?,
                    matched_terms: terms.matched(&TsVector::new(words)),
                    highlight: None,
                    context: None,
                },
            ))
        },
    )?;
    Ok(chunks
        .into_iter()
        .filter_map(|(position, chunk)| {
            let index = usize::try_from(position).ok()?.checked_sub(1)?;
            Some((part.get(index)?.clone(), chunk))
        })
        .collect())
}

fn ids<'a>(matches: impl Iterator<Item = &'a Match>) -> Vec<Uuid> {
    matches.map(|found| found.fused.candidate.id).collect()
}

/// The words, phrases and synonyms of a question.
struct Terms<'q> {
    /// In the order of the question.
    patterns: Vec<&'q Pattern>,
    /// Those that are words, and the places of the first of each.
    words: HashMap<&'q [u8], usize>,
}

impl<'q> Terms<'q> {
    fn of(question: &'q Question) -> Self {
        let scored = question.concepts.iter().flat_map(Concept::patterns);
        let patterns: Vec<&Pattern> = scored.chain(&question.required).collect();
        let mut words = HashMap::new();
        for (place, pattern) in patterns.iter().enumerate() {
            if let Pattern::Word(lexeme) = pattern {
                words.entry(lexeme.as_slice()).or_insert(place);
            }
        }
        Self { patterns, words }
    }

    /// Those that a chunk has, in order.
    fn matched(&self, chunk: &TsVector) -> Vec<String> {
        let is_other = |pattern: &Pattern| !matches!(pattern, Pattern::Word(_));
        let others = self.patterns.iter().enumerate();
        let others = others.filter(|(_, pattern)| is_other(pattern) && has(pattern, chunk));
        // A chunk has fewer words than a long question.
        let words = chunk.iter();
        let words = words.filter_map(|entry| self.words.get(entry.lexeme).copied());
        let mut places: Vec<usize> = words.chain(others.map(|(place, _)| place)).collect();
        places.sort_unstable();
        let mut terms: Vec<String> = Vec::new();
        for term in places
            .into_iter()
            .map(|place| self.patterns[place].to_string())
        {
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
        terms
    }
}

fn add_highlights(
    domain: &Domain,
    question: &Question,
    found: &mut [(Match, Chunk)],
) -> Result<()> {
    let texts: Vec<&str> = found.iter().map(|(_, chunk)| chunk.text.as_str()).collect();
    let highlights = highlight::html(domain, &highlight::Asked::of(question), &texts)?;
    for ((_, chunk), highlight) in found.iter_mut().zip(highlights) {
        chunk.highlight = Some(highlight);
    }
    Ok(())
}

fn add_context(found: &mut [(Match, Chunk)], neighbours: i32) -> Result<()> {
    let ids = ids(found.iter().map(|(found, _)| found));
    let mut contexts: HashMap<i64, Vec<String>> = spi::select(
        include_str!("../../sql/queries/search/neighbours.sql"),
        &[ids.into(), neighbours.into()],
        |row| Ok((spi::value(row, 1)?, spi::value(row, 2)?)),
    )?
    .into_iter()
    .collect();
    for (place, (_, chunk)) in (1..).zip(found) {
        let texts = contexts.remove(&place);
        chunk.context = Some(texts.map_or_else(|| chunk.text.clone(), |texts| joined(&texts)));
    }
    Ok(())
}

/// Chunks that follow each other as one text. What two neighbours share stands there once.
fn joined(texts: &[String]) -> String {
    let mut all = String::new();
    let mut last = "";
    for text in texts {
        let shared = shared(last, text);
        if shared == 0 && !all.is_empty() {
            all.push_str("\n\n");
        }
        all.push_str(&text[shared..]);
        last = text;
    }
    all
}

/// How many bytes at the end of one text are the beginning of the next, at most half of that one: chunks overlap by no more.
fn shared(before: &str, text: &str) -> usize {
    let starts = before.char_indices().map(|(place, _)| place);
    let most = text.len() / 2;
    starts
        .filter(|&place| before.len() - place <= most)
        .find(|&place| text.starts_with(&before[place..]))
        .map_or(0, |place| before.len() - place)
}

#[cfg(test)]
mod tests {
    use super::joined;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn what_neighbours_share_stands_in_their_context_once() {
        assert_eq!(
            joined(&texts(&[
                "one two three",
                "three four five",
                "five six seven"
            ])),
            "one two three four five six seven"
        );
    }

    #[test]
    fn neighbours_that_share_nothing_are_paragraphs() {
        assert_eq!(joined(&texts(&["One.", "Two."])), "One.\n\nTwo.");
        assert_eq!(joined(&texts(&["Ä", "ä"])), "Ä\n\nä");
    }
}
