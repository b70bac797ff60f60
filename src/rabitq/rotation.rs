//! A random rotation that takes n log n steps and no stored matrix.
//!
//! Random signs and a Walsh-Hadamard transform, several times. The transform takes a power of two, so it is applied to the
//! beginning and to the end in turn, and both halves are mixed after it.

/// After so many rounds the coordinates of any fixed vector lie as those of a random one.
const ROUNDS: u64 = 4;

/// Where the signs begin. Stored codes depend on it.
const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

/// Rotates a vector. The same rotation for all vectors of one length, on every machine.
pub fn rotate(vector: &mut [f32]) {
    let length = vector.len();
    if length < 2 {
        return;
    }
    let window = 1 << length.ilog2();
    for round in 0..ROUNDS {
        flip(vector, round);
        let start = if round % 2 == 0 { 0 } else { length - window };
        transform(&mut vector[start..start + window]);
        if window < length {
            mix_halves(vector);
        }
    }
}

/// Gives each coordinate a random sign.
fn flip(vector: &mut [f32], round: u64) {
    let mut state = SEED ^ round.wrapping_mul(0xd134_2543_de82_ef95);
    for part in vector.chunks_mut(u64::BITS as usize) {
        let mut signs = next(&mut state);
        for x in part {
            *x = f32::from_bits(x.to_bits() ^ ((signs as u32 & 1) << 31));
            signs >>= 1;
        }
    }
}

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The Walsh-Hadamard transform of a power of two of coordinates, which keeps lengths.
fn transform(vector: &mut [f32]) {
    let mut half = 1;
    while half < vector.len() {
        for pair in vector.chunks_exact_mut(2 * half) {
            let (left, right) = pair.split_at_mut(half);
            add_and_subtract(left, right);
        }
        half *= 2;
    }
    let scale = 1.0 / (vector.len() as f32).sqrt();
    vector.iter_mut().for_each(|x| *x *= scale);
}

/// Turns each coordinate of the first half and its counterpart in the second by 45 degrees.
fn mix_halves(vector: &mut [f32]) {
    let half = vector.len() / 2;
    let (left, right) = vector.split_at_mut(half);
    let right = &mut right[..half];
    add_and_subtract(left, right);
    for x in left.iter_mut().chain(right) {
        *x *= std::f32::consts::FRAC_1_SQRT_2;
    }
}

fn add_and_subtract(left: &mut [f32], right: &mut [f32]) {
    for (x, y) in left.iter_mut().zip(right) {
        (*x, *y) = (*x + *y, *x - *y);
    }
}
