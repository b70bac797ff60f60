//! Random numbers that are the same in every run.

use std::env;

const SEED: u64 = 20_260_101;

/// SplitMix64 (Steele, Lea and Flood, 2014): small, and good enough to choose people.
pub struct Dice(u64);

impl Dice {
    /// Seeded by `FRONTDESK_TEST_SEED`, or always alike.
    pub fn from_environment() -> Self {
        let seed = env::var("FRONTDESK_TEST_SEED").ok();
        let seed = seed.and_then(|text| text.parse().ok()).unwrap_or(SEED);
        // Shown with the output of a test that fails.
        println!("FRONTDESK_TEST_SEED={seed}");
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `limit - 1`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// One of these.
    pub fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        let place = usize::try_from(self.below(choices.len() as u64)).expect("a place in a list");
        choices[place]
    }

    /// A random uuid.
    pub fn uuid(&mut self) -> uuid::Uuid {
        uuid::Uuid::from_u64_pair(self.next(), self.next())
    }
}
