//! What is kept of a vector.

use super::rotation::rotate;

/// Bytes of the number before the signs.
const ALIGNMENT_BYTES: usize = 4;
/// Bytes of the signs of 64 coordinates.
pub(super) const WORD_BYTES: usize = 8;

/// How many words of 64 signs a vector has.
pub(super) fn words(dimensions: usize) -> usize {
    dimensions.div_ceil(u64::BITS as usize)
}

/// Bytes of the code of a vector.
pub(super) fn code_bytes(dimensions: usize) -> usize {
    ALIGNMENT_BYTES + words(dimensions) * WORD_BYTES
}

/// The code of a vector of length one, as it is stored: the cosine between the rotated vector and its signs, then the signs,
/// little-endian, a bit that is set for a coordinate that is not negative.
pub fn encode(mut vector: Vec<f32>) -> Vec<u8> {
    let dimensions = vector.len();
    rotate(&mut vector);
    let sum: f32 = vector.iter().map(|x| x.abs()).sum();
    let alignment = sum / (dimensions.max(1) as f32).sqrt();
    let mut code = Vec::with_capacity(code_bytes(dimensions));
    code.extend(alignment.to_le_bytes());
    for part in vector.chunks(u64::BITS as usize) {
        let mut word = 0_u64;
        for (place, x) in part.iter().enumerate() {
            word |= u64::from(!x.is_sign_negative()) << place;
        }
        code.extend(word.to_le_bytes());
    }
    code
}

/// A stored code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code<'a>(pub &'a [u8]);

impl<'a> Code<'a> {
    /// The cosine between the rotated vector and its signs: near 0.8 for most vectors of many dimensions.
    #[inline]
    pub(super) fn alignment(self) -> f32 {
        let bytes = self.0.first_chunk::<ALIGNMENT_BYTES>();
        bytes.map_or(0.0, |bytes| f32::from_le_bytes(*bytes))
    }

    #[inline]
    pub(super) fn signs(self) -> &'a [u8] {
        self.0.get(ALIGNMENT_BYTES..).unwrap_or_default()
    }
}
