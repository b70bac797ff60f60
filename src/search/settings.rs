//! The settings of the text leg.

use pgrx::guc::{GucContext, GucFlags, GucRegistry, GucSetting};

use crate::bm25::Parameters;

/// Defaults: see docs/decisions/13-words-are-ranked-by-bm25.md.
static K1: GucSetting<f64> = GucSetting::<f64>::new(1.2);
static B: GucSetting<f64> = GucSetting::<f64>::new(0.75);
static TITLE_WEIGHT: GucSetting<f64> = GucSetting::<f64>::new(1.0);
static HEADING_WEIGHT: GucSetting<f64> = GucSetting::<f64>::new(1.0);

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

/// The formula as it is set.
pub fn parameters() -> Parameters {
    Parameters {
        k1: K1.get(),
        b: B.get(),
        weights: [TITLE_WEIGHT.get(), HEADING_WEIGHT.get(), 1.0, 1.0],
    }
}
