//! The nearest vectors by their codes: which can be among them, the codes tell; those are compared.

use std::collections::{HashMap, HashSet};

use pgrx::Uuid;

use super::product::Factor;
use super::{collector, compare};
use crate::error::Result;
use crate::opaque::Vector;
use crate::rabitq::{Question, Shortlist};
use crate::search::legs::{Leg, best_first};
use crate::settings;
use crate::spi;

/// Ids in codes may stand for no vector any more; so many times as many as are wanted are kept, lest those push out others.
const SLACK: usize = 4;

/// Reads one of the statements about codes.
macro_rules! sql {
    ($file:literal) => {
        include_str!(concat!("../../../../sql/queries/search/codes/", $file))
    };
}

/// The chunks of a configuration nearest to a vector, the nearest first; and all that were compared to know them. Which can be
/// among them their codes tell, so that one in some thousands of those just within is missed.
pub fn nearest(
    config_id: Uuid,
    vector: &Vector,
    direction: &Factor,
    depth: usize,
) -> Result<(Leg, HashMap<Uuid, f32>)> {
    let mut scan = Scan {
        config_id,
        direction,
        question: Question::new(vector.direction().collect()),
        asked: HashSet::new(),
        compared: HashMap::new(),
        nearest: Leg::new(),
    };
    scan.find(depth)?;
    Ok((scan.nearest, scan.compared))
}

struct Scan<'a> {
    config_id: Uuid,
    direction: &'a Factor,
    question: Question,
    asked: HashSet<Uuid>,
    compared: HashMap<Uuid, f32>,
    nearest: Leg,
}

impl Scan<'_> {
    fn find(&mut self, depth: usize) -> Result<()> {
        let uncoded = spi::select(sql!("uncoded.sql"), &[self.config_id.into()], |row| {
            spi::value::<Uuid>(row, 1)
        })?;
        self.compare(uncoded, depth)?;
        let shortlist = self.shortlist(SLACK * depth)?;
        let floor = shortlist.floor();
        self.compare_likely(shortlist, depth)?;
        if self.last_similarity(depth) < floor {
            // Many codes near the question are of vectors that are gone.
            let shortlist = self.shortlist(usize::MAX)?;
            self.compare_likely(shortlist, depth)?;
        }
        Ok(())
    }

    fn shortlist(&self, kept: usize) -> Result<Shortlist> {
        collector::collect(&self.question, Shortlist::new(kept), || {
            settings::with(&settings::BY_KEY, || {
                spi::select(sql!("collect.sql"), &[self.config_id.into()], |_| Ok(()))
            })
        })
    }

    /// Compares those of a shortlist that can be among the nearest.
    fn compare_likely(&mut self, shortlist: Shortlist, depth: usize) -> Result<()> {
        let mut likely = shortlist.into_ranked().into_iter().peekable();
        // The more have been compared, the fewer of the others can be nearer than the last of the wanted.
        let mut batch = depth;
        while likely.peek().is_some() {
            let least = self.last_similarity(depth);
            let possible =
                (likely.by_ref()).filter(|estimate| estimate.similarity + estimate.radius >= least);
            let next = possible
                .take(batch)
                .map(|estimate| Uuid::from_bytes(estimate.id));
            self.compare(next.collect(), depth)?;
            batch *= 2;
        }
        Ok(())
    }

    /// Compares the vectors of chunks that have not been compared yet, and keeps the nearest.
    fn compare(&mut self, mut chunks: Vec<Uuid>, depth: usize) -> Result<()> {
        chunks.retain(|id| self.asked.insert(*id));
        if chunks.is_empty() {
            return Ok(());
        }
        // Neighbours in the index are read one after the other.
        chunks.sort_unstable();
        let compared = compare::some(self.config_id, self.direction, chunks)?;
        self.compared.extend(compared.iter().copied());
        self.nearest.extend(compared);
        best_first(&mut self.nearest);
        self.nearest.truncate(depth);
        Ok(())
    }

    /// How near the last of the wanted is; as far as can be when there are fewer.
    fn last_similarity(&self, depth: usize) -> f32 {
        let last = self.nearest.get(depth - 1);
        last.map_or(f32::NEG_INFINITY, |(_, similarity)| *similarity)
    }
}
