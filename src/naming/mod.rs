//! Names that identify a tenant and its pages: one spelling for each domain and for each page's url.
//!
//! Everything that compares domains or urls goes through these two functions first, so that `HTTPS://WWW.Shop.Example:443/a#b`
//! and `https://www.shop.example/a` are one page and `Shop.Example.` and `www.shop.example` one domain.

mod domain;
mod page;
#[cfg(test)]
mod tests;

use std::fmt;

pub use domain::domain_name;
pub use page::{join_url, page_url};

/// Longest host name in characters, dots included (RFC 1035, 2.3.4, without the root's dot).
pub const MAX_DOMAIN_LENGTH: usize = 253;

/// Longest label of a host name (RFC 1035, 2.3.4).
pub const MAX_LABEL_LENGTH: usize = 63;

/// Longest url in bytes. The url columns' checks say the same; an index entry must stay below 2,704 bytes.
pub const MAX_URL_LENGTH: usize = 2048;

/// Why a text is not a domain's name or a page's url.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// Nothing was left after white space was removed.
    EmptyDomain,
    /// `user@host`: a name never needs it, and it may hold a password.
    UserInfo,
    /// An IPv4 or IPv6 address.
    Address(String),
    /// Not what the url standard accepts as a host.
    NotAHost(String),
    /// A label that is empty, too long, or has a character other than letters, digits and inner hyphens.
    Label { name: String, label: String },
    /// Longer than [`MAX_DOMAIN_LENGTH`].
    DomainTooLong(usize),
    /// Shaped like a uuid: a name could be taken for a domain's id.
    UuidShaped(String),
    /// Not an absolute url.
    NotAUrl,
    /// Neither http nor https.
    Scheme(String),
    /// Longer than [`MAX_URL_LENGTH`] without its fragment.
    UrlTooLong(usize),
    /// On a host that is not the domain nor below it.
    ForeignHost { host: String, domain: String },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyDomain => f.write_str("domain must not be empty"),
            Self::UserInfo => f.write_str("domain or url must not carry a user name or password"),
            Self::Address(value) => {
                write!(f, "domain must be a name, not an address, got \"{value}\"")
            }
            Self::NotAHost(value) => write!(f, "domain must be a host name, got \"{value}\""),
            Self::Label { name, label } => write!(
                f,
                "each label of a domain must be 1 to {MAX_LABEL_LENGTH} letters, digits and inner hyphens, got \"{label}\" in \"{name}\""
            ),
            Self::DomainTooLong(length) => write!(
                f,
                "domain must be at most {MAX_DOMAIN_LENGTH} characters, got {length}"
            ),
            Self::UuidShaped(value) => {
                write!(f, "domain must not be shaped like a uuid, got \"{value}\"")
            }
            Self::NotAUrl => f.write_str("url must be absolute, as in https://shop.example/page"),
            Self::Scheme(scheme) => {
                write!(
                    f,
                    "url must begin with http:// or https://, got \"{scheme}:\""
                )
            }
            Self::UrlTooLong(length) => {
                write!(
                    f,
                    "url must be at most {MAX_URL_LENGTH} bytes, got {length}"
                )
            }
            Self::ForeignHost { host, domain } => {
                write!(
                    f,
                    "url must be on {domain} or below it, got host \"{host}\""
                )
            }
        }
    }
}

impl std::error::Error for Error {}

/// The part of a rejected value that a message quotes: all of it when short, else its first characters.
fn quotable(value: &str) -> String {
    const QUOTED_CHARACTERS: usize = 80;
    match value.char_indices().nth(QUOTED_CHARACTERS) {
        Some((cut, _)) => format!("{}...", &value[..cut]),
        None => value.to_owned(),
    }
}
