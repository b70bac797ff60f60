mod parity;
mod vectors;

use super::*;

const PARAMETERS: Parameters = Parameters {
    k1: 1.2,
    b: 0.75,
    weights: [1.0; FIELDS],
};

fn formula() -> Formula {
    let mut statistics = Statistics::default();
    for length in [2, 4, 6] {
        statistics.add([0, 0, 0, length]);
    }
    Formula::new(&PARAMETERS, &statistics)
}

#[test]
fn the_formula_gives_what_a_calculation_by_hand_gives() {
    let formula = formula();
    // N = 3, df = 1: ln(1 + 2.5 / 1.5)
    assert!((formula.idf(1) - 0.980_829_253).abs() < 1e-9);
    // tf = 2 in a document of the average length: 2.2 * 2 / (2 + 1.2)
    let saturation = formula.saturation(2.0, formula.norm([0, 0, 0, 4]));
    assert!((saturation - 1.375).abs() < 1e-12);
}

#[test]
fn a_rarer_word_is_more_telling_and_none_counts_against_a_document() {
    let formula = formula();
    let idfs: Vec<f64> = (0..=3).map(|df| formula.idf(df)).collect();
    assert!(idfs.is_sorted_by(|a, b| a > b), "{idfs:?}");
    assert!(idfs[3] > 0.0);
    // More documents with the word than documents cannot be; should it be so, nothing breaks.
    assert_eq!(formula.idf(9), idfs[3]);
}

#[test]
fn without_documents_nothing_is_infinite() {
    let formula = Formula::new(&PARAMETERS, &Statistics::default());
    assert!(formula.idf(0).is_finite());
    assert!(
        formula
            .saturation(1.0, formula.norm([0, 0, 0, 9]))
            .is_finite()
    );
}

#[test]
fn what_is_removed_leaves_the_statistics_as_they_were() {
    let mut statistics = Statistics::default();
    statistics.add([1, 2, 3, 4]);
    let before = statistics;
    statistics.add([5, 0, 0, 9]);
    statistics.remove([5, 0, 0, 9]);
    assert_eq!(statistics, before);
}
