//! What a page declares in schema.org terms: kept as it is said, and products as entities of the catalog.

use serde_json::Value;

use super::{declared, products};
use crate::error::Result;
use crate::html::Page;
use crate::spi;

/// Products and questions of a page beyond so many each are not kept: the longest lists have a few hundred.
const MAX_FINDINGS: usize = 1000;

/// Where findings belong.
pub(super) struct Place<'a> {
    pub domain_id: pgrx::Uuid,
    pub page_id: pgrx::Uuid,
    pub url: &'a str,
    /// Whether the page was not there before, so that nothing was found on it.
    pub is_new: bool,
}

/// Products and questions of a page replace those of its former version.
pub(super) fn store(place: &Place, page: &Page) -> Result<()> {
    if place.is_new && page.products.is_empty() && page.faqs.is_empty() {
        return Ok(());
    }
    let products = kept(&page.products);
    let gone: Vec<String> = store_declared(place, &products, &kept(&page.faqs))?
        .iter()
        .filter_map(|product| products::identifier(product, place.url))
        .collect();
    let entities: Vec<Value> = products
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|product| products::entity(product, place.url))
        .collect();
    if entities.is_empty() && gone.is_empty() {
        return Ok(());
    }
    store_entities(place, entities, gone)
}

fn kept(found: &[Value]) -> Value {
    declared(found.iter().take(MAX_FINDINGS).cloned().collect())
}

/// Stores what the page declares; the products that it has ceased to declare.
fn store_declared(place: &Place, products: &Value, faqs: &Value) -> Result<Vec<Value>> {
    let gone = spi::write(
        include_str!("../../sql/queries/content/store_structured_data.sql"),
        &[
            place.domain_id.into(),
            place.url.into(),
            products.to_string().into(),
            faqs.to_string().into(),
        ],
        |row| spi::value::<String>(row, 1),
    )?;
    let parsed = gone
        .iter()
        .filter_map(|product| serde_json::from_str(product).ok());
    Ok(parsed.collect())
}

fn store_entities(place: &Place, entities: Vec<Value>, gone: Vec<String>) -> Result<()> {
    spi::execute(
        include_str!("../../sql/queries/content/store_entities.sql"),
        &[
            place.domain_id.into(),
            place.page_id.into(),
            place.url.into(),
            Value::Array(entities).to_string().into(),
            gone.into(),
        ],
    )?;
    Ok(())
}
