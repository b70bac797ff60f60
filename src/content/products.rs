//! Products that a page declares, as entities of the catalog. Knows no Postgres.

use serde_json::{Map, Value, json};

/// Longest identifier in characters, so that it fits an index entry whatever they are.
const MAX_IDENTIFIER_CHARS: usize = 500;

/// What identifies a product within its domain: its number where it has one, else its own address, else where it was found.
pub fn identifier(product: &Value, page_url: &str) -> Option<String> {
    let by_number = ["sku", "gtin", "mpn", "url"];
    let identifier = by_number.iter().find_map(|key| text(product, key));
    let identifier = match identifier {
        Some(identifier) => identifier.to_owned(),
        None => format!("{page_url}#{}", text(product, "name")?),
    };
    Some(identifier.chars().take(MAX_IDENTIFIER_CHARS).collect())
}

/// The product as a row of entity_catalog; none when nothing identifies it.
pub fn entity(product: &Value, page_url: &str) -> Option<Value> {
    const COLUMNS: [&str; 4] = ["name", "description", "price", "category"];
    let identifier = identifier(product, page_url)?;
    let attributes: Map<String, Value> = product
        .as_object()?
        .iter()
        .filter(|(key, _)| !COLUMNS.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    Some(json!({
        "name": text(product, "name").unwrap_or(&identifier),
        "description": text(product, "description"),
        "price": text(product, "price").and_then(amount),
        "category": text(product, "category"),
        "is_available": is_available(text(product, "availability")),
        "attributes": attributes,
        "identifier": identifier,
    }))
}

fn text<'a>(product: &'a Value, key: &str) -> Option<&'a str> {
    let text = product.get(key)?.as_str()?.trim();
    (!text.is_empty()).then_some(text)
}

/// By the values of schema.org/ItemAvailability; what says nothing is available.
fn is_available(availability: Option<&str>) -> bool {
    !matches!(
        availability,
        Some("OutOfStock" | "SoldOut" | "Discontinued")
    )
}

/// A price as a decimal number with a point, which is how schema.org wants it, or as shops write it: `24,90 €`, `$1,299.00`.
/// A comma is a decimal one unless three digits follow. None for what is no price below a hundred million, which is what
/// numeric(10,2) holds.
pub fn amount(price: &str) -> Option<String> {
    /// The hundredths of a hundred million.
    const TOO_MUCH: u64 = 10_000_000_000;
    let first = price.find(|c: char| c.is_ascii_digit())?;
    if price[..first].contains('-') {
        return None;
    }
    let number: String = price[first..]
        .chars()
        .take_while(|c| is_part_of_number(*c))
        .filter(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
        .collect();
    let (whole, fraction) = split_decimals(number.trim_end_matches(['.', ',']));
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    let thousandths: u64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    let hundredths = whole.parse::<u64>().ok()?.checked_mul(100)? + (thousandths + 5) / 10;
    (hundredths < TOO_MUCH).then(|| format!("{}.{:02}", hundredths / 100, hundredths % 100))
}

/// Digits, decimal marks and what is put between thousands.
fn is_part_of_number(character: char) -> bool {
    character.is_ascii_digit()
        || matches!(character, '.' | ',' | '\'' | ' ' | '\u{A0}' | '\u{202F}')
}

fn split_decimals(number: &str) -> (&str, &str) {
    const THOUSAND: usize = 3;
    let Some(last) = number.rfind(['.', ',']) else {
        return (number, "");
    };
    let (whole, fraction) = (&number[..last], &number[last + 1..]);
    let mark = &number[last..=last];
    let is_repeated = whole.contains(mark);
    if is_repeated || (mark == "," && fraction.len() == THOUSAND) {
        (number, "")
    } else {
        (whole, fraction)
    }
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn a_price_is_read_as_schema_org_wants_it_and_as_shops_write_it() {
        for (written, read) in [
            ("24.90", "24.90"),
            ("24,90 €", "24.90"),
            ("$1,299.00", "1299.00"),
            ("1.299,00", "1299.00"),
            ("1,299", "1299.00"),
            ("1.299.000", "1299000.00"),
            ("1.299", "1.30"),
            ("1 299,5", "1299.50"),
            ("CHF 1'299.-", "1299.00"),
            ("007", "7.00"),
            ("0", "0.00"),
            ("99999999.99", "99999999.99"),
        ] {
            assert_eq!(amount(written).as_deref(), Some(read), "{written}");
        }
        for written in [
            "",
            "on request",
            "-5",
            "99999999.999",
            "9".repeat(40).as_str(),
            "€",
        ] {
            assert_eq!(amount(written), None, "{written}");
        }
    }

    #[test]
    fn a_product_is_known_by_its_number_else_by_its_address_else_by_where_it_stands() {
        let page = "https://shop.example/a";
        let identifier = |product| identifier(&product, page);
        assert_eq!(
            identifier(json!({"sku": "K1", "gtin": "4"})).as_deref(),
            Some("K1")
        );
        assert_eq!(
            identifier(json!({"sku": " ", "url": "/k", "name": "K"})).as_deref(),
            Some("/k")
        );
        assert_eq!(
            identifier(json!({"name": "K"})).as_deref(),
            Some("https://shop.example/a#K")
        );
        assert_eq!(identifier(json!({"color": "red"})), None);
    }

    #[test]
    fn what_has_no_column_is_an_attribute() {
        let product = json!({"name": "Kettle", "sku": "K1", "price": "24,90", "color": "red", "availability": "SoldOut"});
        let expected = json!({
            "name": "Kettle", "description": null, "price": "24.90", "category": null, "is_available": false,
            "attributes": {"sku": "K1", "color": "red", "availability": "SoldOut"}, "identifier": "K1",
        });
        assert_eq!(entity(&product, "https://shop.example/"), Some(expected));
    }
}
