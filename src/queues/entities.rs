//! What an extraction worker hands in for a page: a list of entities.

use serde_json::{Map, Value};

/// The catalogue keeps prices as numeric(10,2).
const PRICE_LIMIT: f64 = 1e8;
/// Addresses are at most this long.
const MAX_URL_BYTES: usize = 2048;
/// Identifiers, names and the like are indexed; a btree entry holds about 2,700 bytes.
const MAX_INDEXED_BYTES: usize = 2000;

/// The entities as a JSON array with the columns of entity_catalog that they give, or what is wrong with them. Messages
/// never repeat the values.
pub fn checked(entities: Option<&Value>) -> Result<String, String> {
    let Some(Value::Array(entities)) = entities else {
        return Err("the entities of a page must be a JSON array".into());
    };
    let mut seen = std::collections::HashSet::new();
    for entity in entities {
        let entity = entity
            .as_object()
            .ok_or("an entity must be a JSON object")?;
        check(entity)?;
        if !seen.insert(&entity["primary_identifier"]) {
            return Err("two entities of a page have the same primary_identifier".into());
        }
    }
    Ok(Value::Array(entities.clone()).to_string())
}

fn check(entity: &Map<String, Value>) -> Result<(), String> {
    for key in ["entity_type", "primary_identifier", "name"] {
        match entity.get(key) {
            Some(Value::String(text)) if !text.trim().is_empty() => {}
            _ => return Err(format!("an entity needs a text as its {key}")),
        }
    }
    for key in ["entity_type", "primary_identifier", "primary_category"] {
        if text(entity, key)?.is_some_and(|text| text.len() > MAX_INDEXED_BYTES) {
            return Err(format!("{key} must be at most {MAX_INDEXED_BYTES} bytes"));
        }
    }
    text(entity, "description")?;
    if text(entity, "source_url")?.is_some_and(|url| url.len() > MAX_URL_BYTES) {
        return Err(format!("source_url must be at most {MAX_URL_BYTES} bytes"));
    }
    match given(entity, "price") {
        None => {}
        Some(Value::Number(price)) if price.as_f64().is_some_and(|p| p.abs() < PRICE_LIMIT) => {}
        Some(_) => return Err("price must be a number below 100,000,000".into()),
    }
    match given(entity, "attributes") {
        None | Some(Value::Object(_)) => {}
        Some(_) => return Err("attributes must be a JSON object".into()),
    }
    match given(entity, "is_available") {
        None | Some(Value::Bool(_)) => Ok(()),
        Some(_) => Err("is_available must be true or false".into()),
    }
}

fn given<'a>(entity: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    entity.get(key).filter(|value| !value.is_null())
}

fn text<'a>(entity: &'a Map<String, Value>, key: &str) -> Result<Option<&'a str>, String> {
    match given(entity, key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("{key} must be a text")),
    }
}

#[cfg(test)]
mod unit_tests {
    use serde_json::json;

    use super::*;

    fn with(key: &str, value: Value) -> Value {
        let mut entity =
            json!({"entity_type": "product", "primary_identifier": "A-1", "name": "Kettle"});
        entity[key] = value;
        json!([entity])
    }

    #[test]
    fn what_the_catalogue_can_keep_is_accepted() {
        for (key, value) in [
            ("price", json!(24.9)),
            ("price", Value::Null),
            ("attributes", json!({"colour": "red"})),
            ("is_available", json!(false)),
            ("unknown", json!([1])),
        ] {
            assert!(checked(Some(&with(key, value))).is_ok(), "{key}");
        }
        assert_eq!(checked(Some(&json!([]))), Ok("[]".into()));
    }

    #[test]
    fn what_it_cannot_keep_is_named() {
        for (key, value) in [
            ("name", json!("  ")),
            ("name", json!(1)),
            ("primary_identifier", Value::Null),
            ("primary_identifier", json!("x".repeat(2001))),
            ("entity_type", json!("")),
            ("price", json!("24.90 EUR")),
            ("price", json!(1e8)),
            ("attributes", json!("red")),
            ("is_available", json!("yes")),
            ("description", json!({})),
            ("source_url", json!("u".repeat(2049))),
        ] {
            let problem = checked(Some(&with(key, value))).expect_err(key);
            assert!(problem.contains(key), "{key}: {problem}");
        }
        assert!(checked(None).is_err());
        assert!(checked(Some(&json!({}))).is_err());
        assert!(checked(Some(&json!([1]))).is_err());
        let twice = json!([with("x", json!(1))[0], with("y", json!(1))[0]]);
        assert!(checked(Some(&twice)).is_err());
    }
}
