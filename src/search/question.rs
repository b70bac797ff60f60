//! Turns what somebody typed into a question in lexemes, in the language of the domain.

use std::borrow::Cow;

use super::language::Language;
use crate::analysis;
use crate::bm25::question::{Alternative, Concept, Lexeme, Pattern, Question};
use crate::bm25::syntax;
use crate::bm25::tsvector::TsVector;
use crate::error::Result;
use crate::opaque::StoredVector;
use crate::synonyms::Expansion;
use crate::tenancy::Domain;

/// Lexemes with their positions.
type Located = Vec<(Lexeme, u16)>;

/// The question in `text`, each term with its synonyms.
pub fn question(domain: &Domain, text: &str, expansions: &[Expansion]) -> Result<Question> {
    let parts = syntax::parts(text);
    let synonyms = synonyms(expansions);
    let mut texts = vec![analysis::question(&parts.words)];
    texts.extend(parts.phrases.iter().map(|text| analysis::phrase(text)));
    texts.extend(parts.excluded.iter().map(|text| analysis::phrase(text)));
    for (term, synonym, _) in &synonyms {
        texts.extend([analysis::question(term), analysis::phrase(synonym)]);
    }
    let mut lexemes = lexemes(domain, &texts)?.into_iter();

    let words = lexemes.next().unwrap_or_default();
    let required = patterns(lexemes.by_ref().take(parts.phrases.len()));
    let excluded = patterns(lexemes.by_ref().take(parts.excluded.len()));
    let mut concepts = words_as_concepts(words);
    for (_, _, weight) in synonyms {
        let (term, synonym) = (lexemes.next(), lexemes.next());
        if let (Some(term), Some(synonym)) = (term, synonym.and_then(Pattern::from_positions)) {
            add_alternative(
                &mut concepts,
                &term,
                Alternative {
                    pattern: synonym,
                    weight,
                },
            );
        }
    }
    let prefixes = parts.prefixes.into_iter();
    concepts.extend(prefixes.map(|prefix| Concept::of(Pattern::Prefix(prefix.into_bytes()))));
    Ok(Question {
        concepts,
        required,
        excluded,
    })
}

/// Term, synonym and weight of the first synonyms.
fn synonyms(expansions: &[Expansion]) -> Vec<(&str, &str, f64)> {
    expansions
        .iter()
        .flat_map(|expansion| {
            let synonyms = expansion.synonyms.iter();
            synonyms.map(|synonym| {
                let weight = f64::from(expansion.weight);
                (expansion.term.as_str(), synonym.as_str(), weight)
            })
        })
        .collect()
}

/// The lexemes of each text in the domain's language, in order; the texts have been through [`analysis`].
pub fn lexemes(domain: &Domain, texts: &[Cow<str>]) -> Result<Vec<Located>> {
    let language = Language::named(domain.text_search_config.as_deref())?;
    let texts = texts.iter();
    Ok(texts.map(|text| located(&language.lexemes(text))).collect())
}

fn located(vector: &StoredVector) -> Located {
    let first = |positions: &mut dyn Iterator<Item = (u16, usize)>| {
        positions.next().map_or(1, |(position, _)| position)
    };
    TsVector::new(&vector.0)
        .iter()
        .map(|entry| (entry.lexeme.to_vec(), first(&mut entry.positions())))
        .collect()
}

fn patterns(texts: impl Iterator<Item = Located>) -> Vec<Pattern> {
    texts.filter_map(Pattern::from_positions).collect()
}

/// Every different word, in the order of the question. A single Chinese or Thai character is the beginning of a pair in most
/// of the stored text; it is asked for so where the question has no pair that says more.
fn words_as_concepts(mut words: Located) -> Vec<Concept> {
    words.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| a.0.cmp(&b.0)));
    let characters = |lexeme: &Lexeme| str::from_utf8(lexeme).map_or(0, analysis::unspaced_length);
    let has_pair = words.iter().any(|(lexeme, _)| characters(lexeme) > 1);
    words
        .into_iter()
        .map(|(lexeme, _)| {
            Concept::of(if characters(&lexeme) == 1 && !has_pair {
                Pattern::Prefix(lexeme)
            } else {
                Pattern::Word(lexeme)
            })
        })
        .collect()
}

/// Gives the concept of a term another name. The words of a term of several become one concept.
fn add_alternative(concepts: &mut Vec<Concept>, term: &Located, other: Alternative) {
    let is_of_term = |concept: &Concept| {
        concept.literal.iter().any(|literal| {
            term.iter()
                .any(|(lexeme, _)| matches!(literal, Pattern::Word(word) if word == lexeme))
        })
    };
    let Some(first) = concepts.iter().position(is_of_term) else {
        return;
    };
    let mut merged = concepts[first].clone();
    let mut index = 0;
    concepts.retain(|concept| {
        let is_first = index == first;
        index += 1;
        if !is_first && is_of_term(concept) {
            merged.literal.extend(concept.literal.iter().cloned());
            merged
                .alternatives
                .extend(concept.alternatives.iter().cloned());
            return false;
        }
        true
    });
    merged.alternatives.push(other);
    concepts[first] = merged;
}
