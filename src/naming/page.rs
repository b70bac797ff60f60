//! The one spelling of a page's url.

use super::domain::{is_on, without_root};
use super::{Error, MAX_URL_LENGTH, quotable};
use url::Url;

/// The normalised url of a page of `domain` (a name as [`super::domain_name`] gives it): host in lower case ASCII without the
/// root's dot, the scheme's default port and the fragment dropped, path with `.` and `..` resolved, query kept.
///
/// # Errors
/// When `input` is not an absolute http or https url on the domain or a subdomain of it, carries a user name, or is longer
/// than [`MAX_URL_LENGTH`] bytes.
pub fn page_url(input: &str, domain: &str) -> Result<String, Error> {
    let mut url = parse(input)?;
    let host = host(&url)?;
    if !is_on(&host, domain) {
        return Err(Error::ForeignHost {
            host: quotable(&host),
            domain: domain.to_owned(),
        });
    }
    url.set_host(Some(&host)).map_err(|_| Error::NotAUrl)?;
    let normalised = String::from(url);
    if normalised.len() > MAX_URL_LENGTH {
        return Err(Error::UrlTooLong(normalised.len()));
    }
    Ok(normalised)
}

/// `href` as found on the page `base`, made absolute; None when it does not resolve to an http or https url.
#[must_use]
pub fn join_url(base: &str, href: &str) -> Option<String> {
    if href.len() > MAX_URL_LENGTH {
        return None;
    }
    let joined = Url::parse(base).ok()?.join(href.trim()).ok()?;
    matches!(joined.scheme(), "http" | "https").then(|| joined.into())
}

fn parse(input: &str) -> Result<Url, Error> {
    let without_fragment = input.trim().split('#').next().unwrap_or_default();
    if without_fragment.len() > MAX_URL_LENGTH {
        return Err(Error::UrlTooLong(without_fragment.len()));
    }
    let url = Url::parse(without_fragment).map_err(|_| Error::NotAUrl)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Error::Scheme(quotable(url.scheme())));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::UserInfo);
    }
    Ok(url)
}

fn host(url: &Url) -> Result<String, Error> {
    let host = url.host_str().ok_or(Error::NotAUrl)?;
    Ok(without_root(host).to_owned())
}
