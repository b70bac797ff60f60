//! The one spelling of a domain's name.

use super::{Error, MAX_DOMAIN_LENGTH, MAX_LABEL_LENGTH, quotable};
use url::Host;

/// The normalised name of the domain in `input`, which may be a name or a whole url: lower case, international names in
/// their ASCII form (UTS 46), without scheme, port, path, leading `www.` and the root's dot. Normalising twice changes nothing.
///
/// # Errors
/// When there is no host name in it: empty, an address, with user name, not of letters, digits and hyphens, longer than
/// [`MAX_DOMAIN_LENGTH`], or shaped like a uuid.
pub fn domain_name(input: &str) -> Result<String, Error> {
    let host = host_part(input)?;
    let ascii = match Host::parse(host) {
        Ok(Host::Domain(name)) => name,
        Ok(Host::Ipv4(_) | Host::Ipv6(_)) => return Err(Error::Address(quotable(host))),
        Err(_) => return Err(Error::NotAHost(quotable(host))),
    };
    let name = without_www(without_root(&ascii));
    check(name)?;
    Ok(name.to_owned())
}

/// Whether `host` (lower case ASCII) is `domain` or lies below it.
pub(super) fn is_on(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// `name` without the root's dot.
pub(super) fn without_root(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

/// The host in a text that may also have a scheme, a port, a path.
fn host_part(input: &str) -> Result<&str, Error> {
    let text = input.trim();
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let text = text.strip_prefix("//").unwrap_or(text);
    let authority = text.split(['/', '\\', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(Error::UserInfo);
    }
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    if host.is_empty() {
        return Err(Error::EmptyDomain);
    }
    Ok(host)
}

/// `name` without leading `www.` labels, as long as what is left still has a dot: `www.com` is a name of its own.
fn without_www(mut name: &str) -> &str {
    while let Some(rest) = name.strip_prefix("www.").filter(|rest| rest.contains('.')) {
        name = rest;
    }
    name
}

fn check(name: &str) -> Result<(), Error> {
    if name.len() > MAX_DOMAIN_LENGTH {
        return Err(Error::DomainTooLong(name.len()));
    }
    if let Some(label) = name.split('.').find(|label| !is_label(label)) {
        return Err(Error::Label {
            name: quotable(name),
            label: quotable(label),
        });
    }
    if is_uuid_shaped(name) {
        return Err(Error::UuidShaped(name.to_owned()));
    }
    Ok(())
}

/// Letters, digits and inner hyphens (RFC 952 as relaxed by RFC 1123, 2.1).
fn is_label(label: &str) -> bool {
    (1..=MAX_LABEL_LENGTH).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// What Postgres would read as a uuid: 32 hexadecimal digits, hyphens anywhere.
fn is_uuid_shaped(name: &str) -> bool {
    const UUID_DIGITS: usize = 32;
    let digits = name.bytes().filter(|byte| *byte != b'-');
    digits.clone().count() == UUID_DIGITS && digits.clone().all(|byte| byte.is_ascii_hexdigit())
}
