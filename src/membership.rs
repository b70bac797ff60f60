//! What membership needs beyond SQL: tokens that nobody guesses, and the address that the caller has proved to be theirs.

use pgrx::prelude::*;
use serde_json::Value;

use crate::credentials::random_bytes;
use crate::error::Result;
use crate::{claims, hex};

/// 256 bits: as strong as the digest under which a token is stored.
const TOKEN_BYTES: usize = 32;

/// A secret of 256 random bits as 64 hexadecimal digits, from the random source of the server's own keys.
///
/// Raises XX000 when the operating system has no randomness to give.
#[pg_extern(schema = "frontdesk", volatile)]
fn random_token() -> Result<String> {
    Ok(hex::encode(&random_bytes::<TOKEN_BYTES>()?))
}

/// The e-mail address of the request's claims, when they say that it is verified; otherwise NULL. Never raises.
///
/// Verified means `email_verified` is true, at the top of the claims (OpenID Connect) or in `app_metadata`, which only the
/// operator's own code writes. Supabase's `user_metadata` does not count: everybody writes their own.
#[pg_extern(schema = "frontdesk", stable, parallel_safe)]
fn verified_email() -> Option<String> {
    verified_address(&claims::claims()?).map(str::to_owned)
}

fn verified_address(claims: &Value) -> Option<&str> {
    let is_verified = [claims, &claims["app_metadata"]]
        .iter()
        .any(|part| is_true(&part["email_verified"]));
    let address = claims.get("email")?.as_str()?;
    (is_verified && !address.trim().is_empty()).then_some(address)
}

/// Some providers send the word instead of the value.
fn is_true(value: &Value) -> bool {
    value == &Value::Bool(true) || value.as_str() == Some("true")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_address_counts_where_the_provider_vouches_for_it() {
        for claims in [
            json!({"email": "jane@mail.example", "email_verified": true}),
            json!({"email": "jane@mail.example", "email_verified": "true"}),
            json!({"email": "jane@mail.example", "app_metadata": {"email_verified": true}}),
        ] {
            assert_eq!(
                verified_address(&claims),
                Some("jane@mail.example"),
                "{claims}"
            );
        }
    }

    #[test]
    fn an_address_that_nobody_vouches_for_is_none() {
        for claims in [
            json!({"email": "jane@mail.example"}),
            json!({"email": "jane@mail.example", "email_verified": false}),
            json!({"email": "jane@mail.example", "email_verified": 1}),
            json!({"email": "jane@mail.example", "user_metadata": {"email_verified": true}}),
            json!({"email": "jane@mail.example", "app_metadata": "email_verified"}),
            json!({"user_metadata": {"email": "jane@mail.example"}, "email_verified": true}),
            json!({"email": " ", "email_verified": true}),
            json!({"email": ["jane@mail.example"], "email_verified": true}),
            json!("jane@mail.example"),
            json!([]),
        ] {
            assert_eq!(verified_address(&claims), None, "{claims}");
        }
    }
}
