//! Which web origins may embed a widget: the rules of `customer_configs.allowed_origins`.

use url::{Host, Origin, Url};

/// Whether a browser's `Origin` is allowed by one of the rules. A rule is `*` (everything), an origin
/// (`https://shop.example`), a host (`shop.example`, any scheme) or a host with a wildcard in front (`*.shop.example`: every
/// subdomain, not the host itself), also with a scheme. Ports must be equal; a rule without one means the scheme's own.
/// What is no origin matches `*` only.
pub fn is_allowed(rules: &[String], origin: Option<&str>) -> bool {
    let origin = origin.and_then(parse);
    rules.iter().any(|rule| {
        let rule = rule.trim();
        rule == "*" || origin.as_ref().is_some_and(|origin| matches(rule, origin))
    })
}

struct WebOrigin {
    scheme: String,
    host: String,
    port: u16,
}

/// An origin as browsers send it: scheme, host and perhaps a port, nothing behind.
fn parse(origin: &str) -> Option<WebOrigin> {
    let url = Url::parse(origin).ok()?;
    let is_bare = url.path() == "/"
        && !origin.ends_with('/')
        && url.query().is_none()
        && url.fragment().is_none();
    match url.origin() {
        Origin::Tuple(scheme, host, port)
            if is_bare && url.username().is_empty() && url.password().is_none() =>
        {
            Some(WebOrigin {
                scheme,
                host: host.to_string(),
                port,
            })
        }
        _ => None,
    }
}

fn matches(rule: &str, origin: &WebOrigin) -> bool {
    let (scheme, host) = match rule.split_once("://") {
        Some((scheme, host)) => (scheme.to_ascii_lowercase(), host),
        None => (origin.scheme.clone(), rule),
    };
    let (host, port) = match host.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
            (host, port.parse().ok())
        }
        _ => (host, default_port(&scheme)),
    };
    scheme == origin.scheme && port == Some(origin.port) && host_matches(host, &origin.host)
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

fn host_matches(rule: &str, host: &str) -> bool {
    match rule.strip_prefix("*.") {
        Some(parent) => normal_host(parent).is_some_and(|parent| {
            host.strip_suffix(&parent)
                .is_some_and(|rest| rest.ends_with('.') && rest.len() > 1)
        }),
        None => normal_host(rule).is_some_and(|rule| rule == host),
    }
}

fn normal_host(host: &str) -> Option<String> {
    Host::parse(host).ok().map(|host| host.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(rule: &str, origin: &str) -> bool {
        is_allowed(&[rule.to_owned()], Some(origin))
    }

    #[test]
    fn an_origin_is_allowed_by_its_own_rule() {
        assert!(allowed("https://shop.example", "https://shop.example"));
        assert!(allowed("https://Shop.Example:443", "https://shop.example"));
        assert!(allowed("shop.example", "http://shop.example"));
        assert!(allowed("http://localhost:3000", "http://localhost:3000"));
    }

    #[test]
    fn another_scheme_host_or_port_is_not() {
        for origin in [
            "http://shop.example",
            "https://shop.example:8443",
            "https://shop.example.evil.example",
            "https://evilshop.example",
            "https://www.shop.example",
        ] {
            assert!(!allowed("https://shop.example", origin), "{origin}");
        }
    }

    #[test]
    fn a_wildcard_is_for_subdomains_only() {
        assert!(allowed(
            "https://*.shop.example",
            "https://a.b.shop.example"
        ));
        for origin in [
            "https://shop.example",
            "https://evilshop.example",
            "http://a.shop.example",
        ] {
            assert!(!allowed("https://*.shop.example", origin), "{origin}");
        }
        assert!(!allowed("*.example", "https://example"));
    }

    #[test]
    fn what_is_no_origin_matches_nothing_but_the_star() {
        for origin in [
            "null",
            "",
            "shop.example",
            "https://shop.example/",
            "https://shop.example/x",
            "https://u@shop.example",
            "file:///x",
        ] {
            assert!(!allowed("shop.example", origin), "{origin}");
            assert!(allowed("*", origin), "{origin}");
        }
        assert!(is_allowed(&["*".into()], None));
        assert!(!is_allowed(&["shop.example".into()], None));
        assert!(!is_allowed(&[], Some("https://shop.example")));
    }
}
