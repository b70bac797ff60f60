//! The nearest vectors by their codes: which can be among them, the codes tell; those are compared.

use std::collections::HashSet;

use pgrx::Uuid;

use super::collector;
use crate::error::Result;
use crate::opaque::Vector;
use crate::rabitq::{Question, Shortlist};
use crate::search::legs::Leg;
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

/// Chunks and their distances (the negative inner product), the nearest first.
type Distances = Vec<(f64, Uuid)>;

/// The chunks of a configuration nearest to a vector, the nearest first. Which can be among them their codes tell, so that one in
/// some thousands of those just within is missed.
pub fn nearest(config_id: Uuid, vector: &Vector, depth: usize) -> Result<Leg> {
    let scan = Scan {
        config_id,
        vector,
        question: Question::new(vector.direction().collect()),
    };
    let found = scan.nearest(depth)?.into_iter();
    Ok(found.map(|(distance, id)| (id, -distance as f32)).collect())
}

struct Scan<'a> {
    config_id: Uuid,
    vector: &'a Vector,
    question: Question,
}

impl Scan<'_> {
    fn nearest(&self, depth: usize) -> Result<Distances> {
        let uncoded = spi::select(sql!("uncoded.sql"), &[self.config_id.into()], |row| {
            spi::value::<Uuid>(row, 1)
        })?;
        let (found, is_certain) =
            self.nearest_of(self.shortlist(SLACK * depth)?, depth, &uncoded)?;
        if is_certain {
            return Ok(found);
        }
        // Many codes near the question are of vectors that are gone.
        let (found, _) = self.nearest_of(self.shortlist(usize::MAX)?, depth, &uncoded)?;
        Ok(found)
    }

    fn shortlist(&self, kept: usize) -> Result<Shortlist> {
        collector::collect(&self.question, Shortlist::new(kept), || {
            settings::with(&settings::BY_KEY, || {
                spi::select(sql!("collect.sql"), &[self.config_id.into()], |_| Ok(()))
            })
        })
    }

    /// The nearest of a shortlist and of the vectors without a code, and whether no others can be nearer.
    fn nearest_of(
        &self,
        shortlist: Shortlist,
        depth: usize,
        uncoded: &[Uuid],
    ) -> Result<(Distances, bool)> {
        let floor = shortlist.floor();
        let mut likely = shortlist.into_ranked().into_iter().peekable();
        let mut compared: HashSet<Uuid> = HashSet::new();
        let mut found = Distances::new();
        self.compare(uncoded.to_vec(), &mut compared, &mut found, depth)?;
        // The more have been compared, the fewer of the others can be nearer than the last of the wanted.
        let mut batch = depth;
        while likely.peek().is_some() {
            let least = last_similarity(&found, depth);
            let possible =
                (likely.by_ref()).filter(|estimate| estimate.similarity + estimate.radius >= least);
            let next = possible
                .take(batch)
                .map(|estimate| Uuid::from_bytes(estimate.id));
            self.compare(next.collect(), &mut compared, &mut found, depth)?;
            batch *= 2;
        }
        let is_certain = last_similarity(&found, depth) >= floor;
        Ok((found, is_certain))
    }

    /// Compares the vectors of chunks that have not been compared yet, and keeps the nearest.
    fn compare(
        &self,
        mut chunks: Vec<Uuid>,
        compared: &mut HashSet<Uuid>,
        found: &mut Distances,
        depth: usize,
    ) -> Result<()> {
        chunks.retain(|id| compared.insert(*id));
        if chunks.is_empty() {
            return Ok(());
        }
        // Neighbours in the index are read one after the other.
        chunks.sort_unstable();
        found.extend(spi::select(
            include_str!("../../../../sql/queries/search/vector_similarities.sql"),
            &[
                self.config_id.into(),
                self.vector.as_argument(),
                chunks.into(),
            ],
            |row| Ok((spi::value::<f64>(row, 3)?, spi::value::<Uuid>(row, 1)?)),
        )?);
        found.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        found.truncate(depth);
        Ok(())
    }
}

/// How near the last of the wanted is; as far as can be when there are fewer.
fn last_similarity(found: &Distances, depth: usize) -> f32 {
    found
        .get(depth - 1)
        .map_or(f32::NEG_INFINITY, |(distance, _)| -*distance as f32)
}
