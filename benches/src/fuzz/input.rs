use fastrand::Rng;

use super::{Markup, mutate, synthetic};
use crate::corpus::Document;

/// Where an input comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A real page, changed in a few places.
    MutatedPage,
    /// Made of random pieces.
    Synthetic,
}

/// A text to be checked.
pub struct Input {
    pub number: u64,
    pub origin: Origin,
    /// Index of the page that was mutated.
    pub page: Option<usize>,
    pub text: String,
    /// For what the check chooses at random.
    pub rng: Rng,
}

/// Makes the inputs.
pub struct Inputs {
    documents: Vec<Document>,
    markup: Markup,
}

impl Inputs {
    /// Inputs from `documents`; the made ones have structure written in `markup`.
    ///
    /// # Panics
    /// When no document has text.
    #[must_use]
    pub fn new(mut documents: Vec<Document>, markup: Markup) -> Self {
        documents.retain(|it| !it.text.trim().is_empty());
        assert!(!documents.is_empty(), "no documents to mutate");
        Self { documents, markup }
    }

    /// Input `number` of `seed`.
    #[must_use]
    pub fn number(&self, seed: u64, number: u64) -> Input {
        let mut rng = Rng::with_seed(seed.wrapping_add(number.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
        let size = size(&mut rng);
        let (origin, page, text) = if number.is_multiple_of(2) {
            let page = self.page(&mut rng);
            let text = mutate::mutated(&mut rng, &self.documents, page, size, self.markup);
            (Origin::MutatedPage, Some(page), text)
        } else {
            (
                Origin::Synthetic,
                None,
                synthetic::document(&mut rng, size, self.markup),
            )
        };
        Input {
            number,
            origin,
            page,
            text,
            rng,
        }
    }

    /// A page: every collection as often as any other, however many it has.
    fn page(&self, rng: &mut Rng) -> usize {
        /// Tries to find a page of a rarer collection than the first one drawn.
        const TRIES: usize = 8;
        let wanted = &self.documents[rng.usize(..self.documents.len())].collection;
        let mut page = rng.usize(..self.documents.len());
        for _ in 0..TRIES {
            if &self.documents[page].collection != wanted {
                break;
            }
            page = rng.usize(..self.documents.len());
        }
        page
    }
}

/// Bytes of an input: from nothing to 64 kB, half of them above 3 kB.
fn size(rng: &mut Rng) -> usize {
    match rng.u32(..100) {
        0..5 => rng.usize(..64),
        5..20 => rng.usize(64..2_400),
        20..85 => rng.usize(2_400..5_000),
        85..99 => rng.usize(5_000..12_000),
        _ => rng.usize(12_000..64_000),
    }
}
