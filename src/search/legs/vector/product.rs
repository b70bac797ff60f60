//! Inner products with stored vectors, which are in half precision.
//!
//! pgvector adds up in one register, each addition after the other; four take less than half as long.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{
    __m256, _mm_loadu_si128, _mm256_add_ps, _mm256_cvtph_ps, _mm256_fmadd_ps, _mm256_loadu_ps,
    _mm256_setzero_ps, _mm256_storeu_ps,
};

use half::f16;
use half::slice::HalfFloatSliceExt;

/// A vector that stored ones are multiplied with.
#[derive(Clone)]
pub struct Factor {
    coordinates: Vec<f32>,
    /// Room for the coordinates of a stored vector, where the processor has no instruction that multiplies them as they are.
    room: Vec<f32>,
}

impl Factor {
    /// In the precision of the stored, as if it were one of them.
    pub fn new(coordinates: impl Iterator<Item = f32>) -> Self {
        Self {
            coordinates: coordinates.map(|x| f16::from_f32(x).to_f32()).collect(),
            room: Vec::new(),
        }
    }

    /// How many coordinates it has.
    pub fn len(&self) -> usize {
        self.coordinates.len()
    }

    /// The inner product with a vector of the same length.
    pub fn times(&mut self, stored: &[f16]) -> f32 {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx")
            && is_x86_feature_detected!("f16c")
            && is_x86_feature_detected!("fma")
        {
            // SAFETY: the processor has what the function is compiled for.
            return unsafe { fused(&self.coordinates, stored) };
        }
        self.portable(stored)
    }

    fn portable(&mut self, stored: &[f16]) -> f32 {
        self.room.resize(stored.len(), 0.0);
        stored.convert_to_f32_slice(&mut self.room);
        let (blocks, rest) = self.coordinates.as_chunks::<LANES>();
        let (others, other_rest) = self.room.as_chunks::<LANES>();
        let mut sums = [0.0; LANES];
        for (block, other) in blocks.iter().zip(others) {
            for lane in 0..LANES {
                sums[lane] += block[lane] * other[lane];
            }
        }
        let rest = rest.iter().zip(other_rest).map(|(x, y)| x * y);
        rest.fold(sums.iter().sum(), |sum, product| sum + product)
    }
}

/// Coordinates in one register.
const LANES: usize = 8;
/// Sums that are kept at a time: an addition takes as long as so many begin in.
#[cfg(target_arch = "x86_64")]
const SUMS: usize = 4;

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx,f16c,fma")]
fn fused(factor: &[f32], stored: &[f16]) -> f32 {
    let (blocks, rest) = factor.as_chunks::<LANES>();
    let (others, other_rest) = stored.as_chunks::<LANES>();
    let mut sums = [_mm256_setzero_ps(); SUMS];
    for (blocks, others) in blocks.chunks(SUMS).zip(others.chunks(SUMS)) {
        for ((sum, block), other) in sums.iter_mut().zip(blocks).zip(others) {
            // SAFETY: both arrays are as long as a register, and neither load needs an alignment.
            let (x, y) = unsafe {
                (
                    _mm256_loadu_ps(block.as_ptr()),
                    _mm_loadu_si128(other.as_ptr().cast()),
                )
            };
            *sum = _mm256_fmadd_ps(x, _mm256_cvtph_ps(y), *sum);
        }
    }
    let rest = rest.iter().zip(other_rest).map(|(x, y)| x * y.to_f32());
    rest.fold(total(sums), |sum, product| sum + product)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx")]
fn total(sums: [__m256; SUMS]) -> f32 {
    let [a, b, c, d] = sums;
    let sum = _mm256_add_ps(_mm256_add_ps(a, b), _mm256_add_ps(c, d));
    let mut lanes = [0.0; LANES];
    // SAFETY: the array is as long as a register, and the store needs no alignment.
    unsafe { _mm256_storeu_ps(lanes.as_mut_ptr(), sum) };
    lanes.iter().sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn however_it_is_multiplied_the_product_is_that_of_the_numbers(
            pairs in prop::collection::vec((-1f32..1.0, -1f32..1.0), 0..200)
        ) {
            let stored: Vec<f16> = pairs.iter().map(|(_, y)| f16::from_f32(*y)).collect();
            let mut factor = Factor::new(pairs.iter().map(|(x, _)| *x));
            let expected: f64 = factor
                .coordinates
                .iter()
                .zip(&stored)
                .map(|(x, y)| f64::from(*x) * y.to_f64())
                .sum();
            for product in [factor.times(&stored), factor.portable(&stored)] {
                prop_assert!((f64::from(product) - expected).abs() < 1e-4);
            }
        }
    }

    #[test]
    fn a_factor_is_rounded_as_the_stored_are() {
        let third = f16::from_f32(1.0 / 3.0);
        let product = Factor::new(std::iter::once(1.0 / 3.0)).times(&[third]);
        assert_eq!(product, third.to_f32() * third.to_f32());
    }
}
