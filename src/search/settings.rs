//! The settings of a search: those of the text leg, of fusion and of confidence.

use pgrx::guc::{GucContext, GucFlags, GucRegistry, GucSetting};
use pgrx::iter::TableIterator;
use pgrx::prelude::*;

use super::checked_share;
use super::fusion::{Fusion, Method};
use crate::bm25::Parameters;
use crate::error::{Error, Result};
use crate::spi;
use crate::tenancy::{Domain, Rank};

/// Defaults: see docs/decisions/14-words-are-ranked-by-bm25.md.
static K1: GucSetting<f64> = GucSetting::<f64>::new(1.0);
static B: GucSetting<f64> = GucSetting::<f64>::new(0.6);
static TITLE_WEIGHT: GucSetting<f64> = GucSetting::<f64>::new(1.25);
static HEADING_WEIGHT: GucSetting<f64> = GucSetting::<f64>::new(1.25);
/// Both below 1, so that a synonym never counts as much as the word itself; see docs/decisions/11-synonyms.md.
static SYNONYM_WEIGHT: GucSetting<f64> = GucSetting::<f64>::new(0.6);
static GLOBAL_SYNONYM_WEIGHT: GucSetting<f64> = GucSetting::<f64>::new(0.5);

/// Measured with all-MiniLM-L6-v2; models of other families may begin much higher.
static UNRELATED_SIMILARITY: GucSetting<f64> = GucSetting::<f64>::new(0.0);

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
        (
            c"frontdesk.unrelated_similarity",
            c"The cosine similarity of texts that have nothing in common, in the embedding model; confidence counts from there.",
            &UNRELATED_SIMILARITY,
            0.99,
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

/// The cosine similarity of texts that have nothing in common.
#[allow(clippy::cast_possible_truncation)]
pub fn unrelated_similarity() -> f32 {
    UNRELATED_SIMILARITY.get() as f32
}

/// How the legs of a search are fused: as the call says, else as the domain is set, else as is best for most.
pub fn fusion(domain: &Domain, method: Option<&str>, text_weight: Option<f32>) -> Result<Fusion> {
    let (stored_method, stored_weight) = &domain.fusion;
    let method = method.map(checked_method).transpose()?;
    let stored_method = stored_method.as_deref().and_then(Method::named);
    let text_weight = text_weight
        .map(|weight| checked_share("text_weight", weight))
        .transpose()?;
    let default = Fusion::default();
    Ok(Fusion {
        method: method.or(stored_method).unwrap_or(default.method),
        text_weight: text_weight
            .or(*stored_weight)
            .unwrap_or(default.text_weight),
    })
}

fn checked_method(name: &str) -> Result<Method> {
    Method::named(name).ok_or_else(|| {
        let names = Method::ALL.map(Method::name).join(", ");
        Error::InvalidArgument(
            format!("fusion must be one of {names}, got \"{name}\""),
            "Leave it out for the one that the domain is set to.",
        )
        .into()
    })
}

/// How searches of a domain are fused: the method, and how much words count in it (0 to 1), vectors the rest.
///
/// Raises P0002 for a domain that does not exist or is not the caller's.
#[pg_extern(schema = "frontdesk", stable)]
fn search_fusion(
    domain: Option<&str>,
) -> Result<TableIterator<'static, (name!(method, String), name!(weight, f32))>> {
    let fusion = fusion(&Domain::resolve(domain, Rank::Viewer)?, None, None)?;
    Ok(TableIterator::once((
        fusion.method.name().to_owned(),
        fusion.text_weight,
    )))
}

/// Sets how searches of a domain weigh words against vectors; NULL is the default again.
///
/// Raises P0002 for a domain that does not exist or in which the caller is not at least a member, 22023 for an unknown
/// `fusion` and a `text_weight` outside 0 to 1.
#[pg_extern(schema = "frontdesk", security_definer)]
fn set_search_fusion(
    domain: Option<&str>,
    fusion: Option<&str>,
    text_weight: default!(Option<f32>, "NULL"),
) -> Result<()> {
    let domain = Domain::resolve(domain, Rank::Member)?;
    let method = fusion.map(checked_method).transpose()?;
    let text_weight = text_weight
        .map(|weight| checked_share("text_weight", weight))
        .transpose()?;
    spi::execute(
        include_str!("../../sql/queries/search/set_fusion.sql"),
        &[
            domain.id.into(),
            method.map(Method::name).into(),
            text_weight.into(),
        ],
    )?;
    Ok(())
}
