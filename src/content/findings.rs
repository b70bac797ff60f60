//! What a page declares in schema.org terms: kept as it is said, and products as entities of the catalog.

use std::collections::BTreeMap;

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
    let gone = store_declared(place, &products, &kept(&page.faqs))?;
    let gone = gone.iter().filter_map(|product| {
        products::identifier(product, place.url).map(|identifier| (identifier, None))
    });
    let declared = products.as_array().into_iter().flatten();
    let declared = declared.filter_map(|product| {
        let identifier = products::identifier(product, place.url)?;
        Some((identifier, products::entity(product, place.url)))
    });
    store_entities(place, gone.chain(declared).collect())
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

/// Writes the entities that the page declares, and removes those that it has ceased to declare (`None`). One by one in the
/// order of their identifiers, as everybody does who writes several, so that no two wait for each other.
fn store_entities(place: &Place, entities: BTreeMap<String, Option<Value>>) -> Result<()> {
    let is_alone = entities.values().flatten().count() == 1;
    for (identifier, entity) in entities {
        match entity {
            Some(entity) => spi::execute(
                include_str!("../../sql/queries/content/store_entity.sql"),
                &[
                    place.domain_id.into(),
                    place.page_id.into(),
                    place.url.into(),
                    entity.to_string().into(),
                    is_alone.into(),
                ],
            )?,
            None => spi::execute(
                include_str!("../../sql/queries/content/remove_entity.sql"),
                &[
                    place.domain_id.into(),
                    place.page_id.into(),
                    identifier.into(),
                ],
            )?,
        };
    }
    Ok(())
}
