//! Products and questions that a page declares as JSON-LD in the vocabulary of schema.org.

use super::attributes::Name;
use super::tags::Tag;
use super::tree::{ROOT, Tree};
use super::{fragment_text, tokens};
use serde_json::{Map, Value, json};

#[derive(Debug, Default)]
pub struct Declared {
    pub products: Vec<Value>,
    pub faqs: Vec<Value>,
}

/// Everything declared in a page's scripts. A script that is not JSON is passed over.
pub fn declared(tree: &Tree) -> Declared {
    let mut declared = Declared::default();
    let is_declaration = |id: &u32| {
        tree.attribute(*id, Name::Type)
            .is_some_and(|it| tokens::is_json_ld(it.as_bytes()))
    };
    for script in tree.elements(ROOT, Tag::Script).filter(is_declaration) {
        let source: String = tree
            .elements(script, Tag::Text)
            .map(|id| tree.text(id))
            .collect();
        if let Some(value) = parse(&source) {
            declared.collect(&value);
        }
    }
    declared
}

/// Reads JSON, also with the mistakes that are common in templates: comment marks around it, line breaks in strings, commas
/// before a closing bracket, a semicolon at the end.
fn parse(source: &str) -> Option<Value> {
    let text = source.trim();
    let text = text.strip_prefix("<!--").unwrap_or(text);
    let text = text.strip_suffix("-->").unwrap_or(text);
    let text = text
        .trim()
        .trim_start_matches("//")
        .trim_start_matches("<![CDATA[");
    let text = text
        .trim_end_matches("]]>")
        .trim_end_matches("//")
        .trim()
        .trim_end_matches(';');
    serde_json::from_str(text)
        .ok()
        .or_else(|| serde_json::from_str(&mended(text)).ok())
}

fn mended(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    let (mut in_string, mut escaped) = (false, false);
    for character in text.chars() {
        match character {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            ']' | '}' if !in_string => {
                let kept = mended.trim_end().trim_end_matches(',').len();
                mended.truncate(kept);
            }
            _ => {}
        }
        if character.is_control() {
            mended.push(' ');
        } else {
            mended.push(character);
        }
    }
    mended
}

impl Declared {
    /// Walks all objects below `value`; serde_json bounds their depth.
    fn collect(&mut self, value: &Value) {
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            match value {
                // Reversed, so that they are taken in the order in which they are written.
                Value::Array(items) => open.extend(items.iter().rev()),
                Value::Object(object)
                    if is_a(
                        object,
                        &[
                            "Product",
                            "ProductGroup",
                            "ProductModel",
                            "IndividualProduct",
                        ],
                    ) =>
                {
                    self.products.push(product(object));
                }
                Value::Object(object) if is_a(object, &["Question"]) => {
                    self.faqs.extend(faq(object))
                }
                Value::Object(object) => {
                    let members: Vec<&Value> = object
                        .values()
                        .filter(|it| it.is_array() || it.is_object())
                        .collect();
                    open.extend(members.into_iter().rev());
                }
                _ => {}
            }
        }
    }
}

fn is_a(object: &Map<String, Value>, types: &[&str]) -> bool {
    let is = |value: &Value| {
        let name = value.as_str().unwrap_or_default();
        let name = name.rsplit(['/', '#', ':']).next().unwrap_or_default();
        types.contains(&name)
    };
    match object.get("@type") {
        Some(Value::Array(names)) => names.iter().any(is),
        Some(name) => is(name),
        None => false,
    }
}

fn faq(question: &Map<String, Value>) -> Option<Value> {
    let asked = text(question, "name").or_else(|| text(question, "text"))?;
    let answer =
        first(question.get("acceptedAnswer")).or_else(|| first(question.get("suggestedAnswer")))?;
    let answered = match answer {
        Value::String(answer) => fragment_text(answer),
        Value::Object(answer) => text(answer, "text").or_else(|| text(answer, "name"))?,
        _ => return None,
    };
    (!answered.is_empty()).then(|| json!({ "question": asked, "answer": answered }))
}

fn product(product: &Map<String, Value>) -> Value {
    let mut found = Map::new();
    for (name, key) in [
        ("name", "name"),
        ("sku", "sku"),
        ("mpn", "mpn"),
        ("category", "category"),
        ("description", "description"),
        ("color", "color"),
        ("material", "material"),
        ("size", "size"),
    ] {
        set(&mut found, name, text(product, key));
    }
    let codes = ["gtin", "gtin14", "gtin13", "gtin12", "gtin8", "isbn"];
    set(
        &mut found,
        "gtin",
        codes.iter().find_map(|key| text(product, key)),
    );
    set(
        &mut found,
        "brand",
        named(product.get("brand").or_else(|| product.get("manufacturer"))),
    );
    set(&mut found, "url", text(product, "url"));
    set(&mut found, "image", address(product.get("image")));
    offer(&mut found, first(product.get("offers")));
    if let Some(Value::Object(rating)) = first(product.get("aggregateRating")) {
        set(&mut found, "rating", text(rating, "ratingValue"));
        set(
            &mut found,
            "review_count",
            text(rating, "reviewCount").or_else(|| text(rating, "ratingCount")),
        );
    }
    Value::Object(found)
}

fn offer(found: &mut Map<String, Value>, offer: Option<&Value>) {
    let Some(Value::Object(offer)) = offer else {
        return;
    };
    let detail = first(offer.get("priceSpecification")).and_then(Value::as_object);
    let look_up =
        |key: &str| text(offer, key).or_else(|| detail.and_then(|detail| text(detail, key)));
    set(
        found,
        "price",
        look_up("price").or_else(|| look_up("lowPrice")),
    );
    set(found, "high_price", look_up("highPrice"));
    set(found, "currency", look_up("priceCurrency"));
    let availability = text(offer, "availability").map(|it| {
        it.rsplit(['/', '#', ':'])
            .next()
            .unwrap_or_default()
            .to_owned()
    });
    set(found, "availability", availability);
    if !found.contains_key("sku") {
        set(found, "sku", text(offer, "sku"));
    }
}

fn set(found: &mut Map<String, Value>, name: &str, value: Option<String>) {
    if let Some(value) = value {
        found.insert(name.to_owned(), Value::String(value));
    }
}

/// A single value, where a list stands for its first.
fn first(value: Option<&Value>) -> Option<&Value> {
    match value? {
        Value::Array(items) => items.first(),
        value => Some(value),
    }
}

/// A member as text, markup removed; numbers as they are written.
fn text(object: &Map<String, Value>, key: &str) -> Option<String> {
    let text = match first(object.get(key))? {
        Value::String(text) => fragment_text(text),
        Value::Number(number) => number.to_string(),
        Value::Object(inner) => inner
            .get("name")
            .or_else(|| inner.get("@value"))?
            .as_str()
            .map(fragment_text)?,
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// The name of a brand, which is text or an object.
fn named(value: Option<&Value>) -> Option<String> {
    match first(value)? {
        Value::String(name) => Some(fragment_text(name)),
        Value::Object(object) => text(object, "name"),
        _ => None,
    }
    .filter(|name| !name.is_empty())
}

/// The url of an image, which is text or an object.
fn address(value: Option<&Value>) -> Option<String> {
    match first(value)? {
        Value::String(url) => Some(url.trim().to_owned()),
        Value::Object(object) => text(object, "url").or_else(|| text(object, "contentUrl")),
        _ => None,
    }
}
