//! Which vectors can be among the nearest, by what their codes say.

use super::question::Estimate;

/// How many are kept at least before any are dropped.
const LEAST: usize = 2_048;

/// The vectors that can be among the `depth` nearest. Ids that stand for no vector any more count as if they did, so more may
/// have to be looked at; what was dropped for them is told by [`Shortlist::floor`].
#[derive(Debug)]
pub struct Shortlist {
    depth: usize,
    estimates: Vec<Estimate>,
    /// At so many, those are dropped that cannot be among the nearest.
    limit: usize,
    floor: f32,
}

impl Shortlist {
    pub fn new(depth: usize) -> Self {
        Self {
            depth,
            estimates: Vec::new(),
            limit: LEAST.max(depth.saturating_mul(2)),
            floor: f32::NEG_INFINITY,
        }
    }

    #[inline]
    pub fn add(&mut self, estimate: Estimate) {
        if estimate.similarity + estimate.radius < self.floor {
            return;
        }
        self.estimates.push(estimate);
        if self.estimates.len() == self.limit {
            self.prune();
            self.limit = LEAST.max(2 * self.estimates.len());
        }
    }

    fn prune(&mut self) {
        if self.estimates.len() < self.depth || self.depth == 0 {
            return;
        }
        let mut lowest: Vec<f32> = (self.estimates.iter())
            .map(|estimate| estimate.similarity - estimate.radius)
            .collect();
        let (_, last, _) = lowest.select_nth_unstable_by(self.depth - 1, |a, b| b.total_cmp(a));
        self.floor = self.floor.max(*last);
        let floor = self.floor;
        self.estimates
            .retain(|estimate| estimate.similarity + estimate.radius >= floor);
    }

    /// Vectors below this similarity may have been dropped.
    pub fn floor(&self) -> f32 {
        self.floor
    }

    /// The most likely first.
    pub fn into_ranked(mut self) -> Vec<Estimate> {
        self.prune();
        self.estimates
            .sort_unstable_by(|a, b| b.similarity.total_cmp(&a.similarity));
        self.estimates
    }
}
