//! Codes of random vectors, compared with the vectors.

use super::*;

/// Vectors of length one around some centres, as a model's are: not every direction is as likely.
fn vectors(count: usize, dimensions: usize, seed: u64) -> Vec<Vec<f32>> {
    let mut state = seed;
    let mut random = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    let centre: Vec<f32> = (0..dimensions)
        .map(|place| if place % 7 == 0 { 2.0 } else { random() })
        .collect();
    (0..count)
        .map(|_| {
            let mut vector: Vec<f32> = centre.iter().map(|x| 0.5 * x + random()).collect();
            let length = inner_product(&vector, &vector).sqrt();
            vector.iter_mut().for_each(|x| *x /= length);
            vector
        })
        .collect()
}

fn inner_product(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn id(number: usize) -> Id {
    (number as u128).to_le_bytes()
}

fn blocks(vectors: &[Vec<f32>]) -> Vec<(usize, Vec<u8>)> {
    let codes: Vec<Vec<u8>> = vectors.iter().cloned().map(encode).collect();
    let entries = codes.iter().enumerate().map(|(number, code)| Entry {
        id: id(number),
        code: Code(code),
    });
    pack(entries, vectors[0].len())
}

fn estimates(question: &Question, blocks: &[(usize, Vec<u8>)]) -> Vec<Estimate> {
    let mut found = Vec::new();
    for (_, block) in blocks {
        question.estimates(block, |estimate| found.push(estimate));
    }
    found
}

#[test]
fn a_rotation_keeps_lengths_and_angles() {
    for dimensions in [1, 2, 3, 64, 100, 384, 1_536, 2_000] {
        let pair = vectors(2, dimensions, 7);
        let mut rotated = pair.clone();
        rotated
            .iter_mut()
            .for_each(|vector| rotation::rotate(vector));
        let (before, after) = (
            inner_product(&pair[0], &pair[1]),
            inner_product(&rotated[0], &rotated[1]),
        );
        assert!(
            (before - after).abs() < 1e-4,
            "{dimensions}: {before} {after}"
        );
        assert!((inner_product(&rotated[0], &rotated[0]) - 1.0).abs() < 1e-4);
    }
}

#[test]
fn a_rotation_spreads_a_single_coordinate() {
    for dimensions in [64, 100, 384, 1_536] {
        let mut vector = vec![0.0; dimensions];
        vector[5] = 1.0;
        rotation::rotate(&mut vector);
        let highest = vector.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        assert!(
            highest < 6.0 / (dimensions as f32).sqrt(),
            "{dimensions}: {highest}"
        );
    }
}

#[test]
fn an_estimate_is_as_far_off_as_it_says() {
    for dimensions in [64, 100, 384, 1_536] {
        let vectors = vectors(2_000, dimensions, 11);
        let question = Question::new(vectors[0].clone());
        let estimates = estimates(&question, &blocks(&vectors));
        assert_eq!(estimates.len(), vectors.len());
        let errors: Vec<f32> = estimates
            .iter()
            .zip(&vectors)
            .map(|(estimate, vector)| {
                (estimate.similarity - inner_product(vector, &vectors[0])) / estimate.radius
            })
            .collect();
        let outside = errors.iter().filter(|error| error.abs() > 1.0).count();
        assert!(
            outside < 20,
            "{dimensions}: {outside} of 2,000 outside of three standard deviations"
        );
        let mean = errors.iter().sum::<f32>() / errors.len() as f32;
        assert!(mean.abs() < 0.1, "{dimensions}: biased by {mean}");
        let spread = (errors.iter().map(|error| error * error).sum::<f32>() / 2_000.0).sqrt();
        assert!(
            (0.2..0.5).contains(&spread),
            "{dimensions}: {spread} of three standard deviations"
        );
    }
}

/// Vectors that differ in few directions, as a model's do: some are much nearer to each other than others.
fn vectors_on_axes(count: usize, dimensions: usize) -> Vec<Vec<f32>> {
    let axes = vectors(16, dimensions, 23);
    let weights = vectors(count, axes.len(), 29);
    let noise = vectors(count, dimensions, 31);
    let sums = weights.iter().zip(noise).map(|(weights, noise)| {
        let mut sum: Vec<f32> = noise.iter().map(|x| 0.2 * x).collect();
        for (axis, weight) in axes.iter().zip(weights) {
            sum.iter_mut().zip(axis).for_each(|(x, y)| *x += weight * y);
        }
        let length = inner_product(&sum, &sum).sqrt();
        sum.iter_mut().for_each(|x| *x /= length);
        sum
    });
    sums.collect()
}

#[test]
fn the_nearest_are_on_the_shortlist_and_most_others_are_not() {
    let vectors = vectors_on_axes(5_000, 768);
    let blocks = blocks(&vectors);
    for asked in 0..20 {
        let question = Question::new(vectors[asked].clone());
        let mut shortlist = Shortlist::new(50);
        for estimate in estimates(&question, &blocks) {
            shortlist.add(estimate);
        }
        let listed: Vec<Id> = (shortlist.into_ranked().iter())
            .map(|estimate| estimate.id)
            .collect();
        let mut nearest: Vec<(f32, Id)> = (vectors.iter().enumerate())
            .map(|(number, vector)| (inner_product(vector, &vectors[asked]), id(number)))
            .collect();
        nearest.sort_by(|a, b| b.0.total_cmp(&a.0));
        assert!(nearest[..50].iter().all(|(_, id)| listed.contains(id)));
        assert!(listed.len() < 2_000, "{} of 5,000", listed.len());
    }
}

#[test]
fn blocks_hold_what_was_packed_and_fit_a_page() {
    for dimensions in [1, 3, 100, 1_536, 2_000] {
        let vectors = vectors(100, dimensions, 17);
        let blocks = blocks(&vectors);
        let codes: Vec<Vec<u8>> = vectors.iter().cloned().map(encode).collect();
        let packed: Vec<(Id, Vec<u8>)> = (blocks.iter())
            .flat_map(|(_, block)| entries(block, dimensions))
            .map(|entry| (entry.id, entry.code.0.to_vec()))
            .collect();
        let wanted: Vec<(Id, Vec<u8>)> = codes
            .into_iter()
            .enumerate()
            .map(|(number, code)| (id(number), code))
            .collect();
        assert_eq!(packed, wanted);
        assert_eq!(blocks.iter().map(|(count, _)| count).sum::<usize>(), 100);
        assert!(blocks.iter().all(|(_, block)| block.len() <= 8_100));
    }
}

#[test]
fn a_block_of_other_dimensions_says_nothing() {
    let blocks = blocks(&vectors(3, 100, 19));
    assert!(estimates(&Question::new(vec![1.0; 300]), &blocks).is_empty());
}
