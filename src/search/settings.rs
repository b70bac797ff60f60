//! The settings of the text leg.

use pgrx::guc::{GucContext, GucFlags, GucRegistry, GucSetting};

use crate::bm25::Parameters;

/// Defaults: see docs/decisions/10-words-are-ranked-by-bm25.md.
static K1: GucSetting<f64> = GucSetting::<f64>::new(1.2);
static B: GucSetting<f64> = GucSetting::<f64>::new(0.75);
static TITLE_WEIGHT: GucSetting<f64> = GucSetting::<f64>::new(1.0);
static HEADING_WEIGHT: GucSetting<f64> = GucSetting::<f64>::new(1.0);
/// Both below 1, so that a synonym never counts as much as the word itself; see docs/decisions/11-synonyms.md.
static SYNONYM_WEIGHT: GucSetting<f64> = GucSetting::<f64>::new(0.6);
static GLOBAL_SYNONYM_WEIGHT: GucSetting<f64> = GucSetting::<f64>::new(0.5);

/// The largest weight of a field and the largest k1; beyond them nothing changes any more.
const MAX: f64 = 100.0;

/// Declares the settings of the formula; called once, when the library is loaded.
pub fn declare() {
    for (name, short, setting, max) in [
        (
            c"frontdesk.bm25_k1",
            c"How slowly further occurrences of a word stop to count: 0 is at once.",
            &K1,
            MAX,
        ),
        (
            c"frontdesk.bm25_b",
            c"How much chunks longer than the domain's average are marked down: 0 is not at all, 1 is in proportion.",
            &B,
            1.0,
        ),
        (
            c"frontdesk.title_weight",
            c"How much a word in the title of a page counts; in the text it counts 1.",
            &TITLE_WEIGHT,
            MAX,
        ),
        (
            c"frontdesk.heading_weight",
            c"How much a word in the headings above a chunk counts; in the text it counts 1.",
            &HEADING_WEIGHT,
            MAX,
        ),
        (
            c"frontdesk.synonym_weight",
            c"How much a synonym of the domain counts beside the word of the question, which counts 1.",
            &SYNONYM_WEIGHT,
            1.0,
        ),
        (
            c"frontdesk.global_synonym_weight",
            c"How much a synonym that holds for everybody counts beside the word of the question, which counts 1.",
            &GLOBAL_SYNONYM_WEIGHT,
            1.0,
        ),
    ] {
        GucRegistry::define_float_guc(
            name,
            short,
            c"Read by every search; nothing stored depends on it.",
            setting,
            0.0,
            max,
            GucContext::Userset,
            GucFlags::default(),
        );
    }
}

/// How much a synonym counts beside the word of the question.
#[allow(clippy::cast_possible_truncation)]
pub fn synonym_weight(is_of_domain: bool) -> f32 {
    let weight = if is_of_domain {
        SYNONYM_WEIGHT.get()
    } else {
        GLOBAL_SYNONYM_WEIGHT.get()
    };
    weight as f32
}

/// The formula as it is set.
pub fn parameters() -> Parameters {
    Parameters {
        k1: K1.get(),
        b: B.get(),
        weights: [TITLE_WEIGHT.get(), HEADING_WEIGHT.get(), 1.0, 1.0],
    }
}
