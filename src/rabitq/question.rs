//! What is compared with codes.

use multiversion::multiversion;

use super::Id;
use super::block::entries;
use super::code::{Code, WORD_BYTES, words};
use super::rotation::rotate;

/// A coordinate of the question is kept in so many bits, each in a plane of its own.
const PLANES: usize = 4;
/// The highest value of so many bits.
const LEVELS: f32 = ((1 << PLANES) - 1) as f32;

/// So many standard deviations an estimate may be off: in one of 700 more, which matters only to a vector that is just
/// among the nearest, and is then missed for one that is nearly as near.
const CERTAINTY: f32 = 3.0;

/// A vector of length one to which near ones are wanted.
#[derive(Clone, Debug)]
pub struct Question {
    dimensions: usize,
    /// The bits of all coordinates, from the lowest plane to the highest.
    planes: Vec<u64>,
    /// The lowest coordinate, and the distance from one level to the next.
    lowest: f32,
    step: f32,
    /// The sum of the coordinates as they are kept.
    sum: f32,
}

/// What a code says of the inner product of its vector with the question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    pub id: Id,
    pub similarity: f32,
    /// How much it may be off.
    pub radius: f32,
}

impl Question {
    pub fn new(mut vector: Vec<f32>) -> Self {
        rotate(&mut vector);
        let lowest = vector.iter().copied().fold(f32::INFINITY, f32::min);
        let highest = vector.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let step = ((highest - lowest) / LEVELS).max(f32::MIN_POSITIVE);
        let words = words(vector.len());
        let mut question = Self {
            dimensions: vector.len(),
            planes: vec![0; words * PLANES],
            lowest,
            step,
            sum: 0.0,
        };
        for (place, x) in vector.iter().enumerate() {
            let level = ((x - lowest) / step).round().min(LEVELS);
            question.sum += lowest + step * level;
            for plane in 0..PLANES {
                let bit = u64::from(level as u32 >> plane & 1);
                question.planes[plane * words + place / 64] |= bit << (place % 64);
            }
        }
        question
    }

    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// Estimates for the vectors of a block.
    pub fn estimates(&self, block: &[u8], found: impl FnMut(Estimate)) {
        estimates(self, block, found);
    }

    #[inline(always)]
    fn estimate(&self, code: Code) -> (f32, f32) {
        let dimensions = self.dimensions.max(1) as f32;
        let alignment = code.alignment().clamp(f32::MIN_POSITIVE, 1.0);
        let (count, levels) = self.above(code.signs());
        // The coordinates where the sign is plus, together.
        let plus = self.lowest * count as f32 + self.step * levels as f32;
        let length = dimensions.sqrt() * alignment;
        let similarity = (2.0 * plus - self.sum) / length;
        // What the signs do not tell, spread over the other directions; and what the levels do not tell.
        let of_signs = (1.0 - alignment * alignment).max(0.0)
            / (alignment * alignment)
            / (dimensions - 1.0).max(1.0);
        let of_levels = self.step * self.step / 12.0 / (alignment * alignment);
        (similarity, CERTAINTY * (of_signs + of_levels).sqrt())
    }

    /// How many signs are plus, and the levels of the question there together.
    #[inline(always)]
    fn above(&self, signs: &[u8]) -> (u32, u32) {
        let words = self.planes.len() / PLANES;
        let (p0, rest) = self.planes.split_at(words);
        let (p1, rest) = rest.split_at(words);
        let (p2, p3) = rest.split_at(words);
        let signs = signs.chunks_exact(WORD_BYTES);
        let planes = p0.iter().zip(p1).zip(p2).zip(p3);
        let (mut count, mut levels) = (0, 0);
        for (sign, (((p0, p1), p2), p3)) in signs.zip(planes) {
            let sign = u64::from_le_bytes(sign.try_into().unwrap_or_default());
            count += u64::from(sign.count_ones());
            levels += u64::from((sign & p0).count_ones())
                + 2 * u64::from((sign & p1).count_ones())
                + 4 * u64::from((sign & p2).count_ones())
                + 8 * u64::from((sign & p3).count_ones());
        }
        (count as u32, levels as u32)
    }
}

#[multiversion(targets(
    "x86_64+avx512f+avx512vl+avx512bw+avx512vpopcntdq+popcnt",
    "x86_64+avx2+popcnt",
    "aarch64+neon"
))]
fn estimates<F: FnMut(Estimate)>(question: &Question, block: &[u8], mut found: F) {
    for entry in entries(block, question.dimensions) {
        let (similarity, radius) = question.estimate(entry.code);
        found(Estimate {
            id: entry.id,
            similarity,
            radius,
        });
    }
}
