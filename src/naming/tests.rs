use super::*;
use proptest::prelude::*;

#[test]
fn every_spelling_of_a_domain_has_one_name() {
    for spelling in [
        "shop.example",
        "Shop.Example",
        "www.shop.example",
        "WWW.WWW.SHOP.EXAMPLE.",
        "  https://www.shop.example:8443/path?q=1#f ",
        "http://shop.example",
        "//shop.example/x",
        "shop.example:443",
        "ftp://shop.example\\x",
        "ｗｗｗ．ｓｈｏｐ．example",
    ] {
        assert_eq!(
            domain_name(spelling).as_deref(),
            Ok("shop.example"),
            "{spelling}"
        );
    }
}

#[test]
fn an_international_name_is_kept_in_ascii() {
    assert_eq!(
        domain_name("Bücher.example").as_deref(),
        Ok("xn--bcher-kva.example")
    );
    assert_eq!(
        domain_name("例え.テスト").as_deref(),
        Ok("xn--r8jz45g.xn--zckzah")
    );
    assert_eq!(
        domain_name("XN--BCHER-KVA.example").as_deref(),
        Ok("xn--bcher-kva.example")
    );
}

#[test]
fn www_alone_is_a_name() {
    assert_eq!(domain_name("www.com").as_deref(), Ok("www.com"));
    assert_eq!(domain_name("localhost:3000").as_deref(), Ok("localhost"));
}

#[test]
fn what_is_no_host_name_is_refused() {
    for (input, message) in [
        ("", "domain must not be empty"),
        ("https:///path", "domain must not be empty"),
        (
            "me:secret@shop.example",
            "domain or url must not carry a user name or password",
        ),
        (
            "127.0.0.1",
            "domain must be a name, not an address, got \"127.0.0.1\"",
        ),
        (
            "[::1]:80",
            "domain must be a name, not an address, got \"[::1]\"",
        ),
        (
            "shop example",
            "domain must be a host name, got \"shop example\"",
        ),
        (
            "-shop.example",
            "each label of a domain must be 1 to 63 letters, digits and inner hyphens, got \"-shop\" in \"-shop.example\"",
        ),
        (
            "6f9619ff-8b86-d011-b42d-00cf4fc964ff",
            "domain must not be shaped like a uuid, got \"6f9619ff-8b86-d011-b42d-00cf4fc964ff\"",
        ),
        (
            "6F9619FF8B86D011B42D00CF4FC964FF",
            "domain must not be shaped like a uuid, got \"6f9619ff8b86d011b42d00cf4fc964ff\"",
        ),
    ] {
        assert_eq!(
            domain_name(input).unwrap_err().to_string(),
            message,
            "{input}"
        );
    }
    for input in [
        "a..example",
        "a_b.example",
        "shop.example..",
        "%00.example",
        ".",
        "a'b.example",
    ] {
        assert!(domain_name(input).is_err(), "{input}");
    }
    let long_label = format!("{}.example", "a".repeat(64));
    assert!(domain_name(&long_label).is_err());
    let long_name = vec!["a".repeat(50); 6].join(".");
    assert!(domain_name(&long_name).is_err());
}

#[test]
fn every_spelling_of_a_page_has_one_url() {
    for (input, url) in [
        ("https://shop.example", "https://shop.example/"),
        (
            "HTTPS://Shop.Example:443/A/../b?x=1&y=%20#top",
            "https://shop.example/b?x=1&y=%20",
        ),
        ("http://www.shop.example.:80/", "http://www.shop.example/"),
        (
            "https://de.shop.example:8443/ü",
            "https://de.shop.example:8443/%C3%BC",
        ),
    ] {
        assert_eq!(
            page_url(input, "shop.example").as_deref(),
            Ok(url),
            "{input}"
        );
    }
}

#[test]
fn a_page_lies_on_its_domain() {
    for input in [
        "https://othershop.example/",
        "https://shop.example.evil.test/",
        "https://example/",
        "https://127.0.0.1/",
    ] {
        assert!(
            matches!(
                page_url(input, "shop.example"),
                Err(Error::ForeignHost { .. })
            ),
            "{input}"
        );
    }
    assert_eq!(
        page_url("https://evil.test/", "shop.example")
            .unwrap_err()
            .to_string(),
        "url must be on shop.example or below it, got host \"evil.test\""
    );
}

#[test]
fn what_is_no_page_url_is_refused() {
    assert_eq!(page_url("/relative", "shop.example"), Err(Error::NotAUrl));
    assert_eq!(
        page_url("ftp://shop.example/", "shop.example"),
        Err(Error::Scheme("ftp".into()))
    );
    assert_eq!(
        page_url("https://me@shop.example/", "shop.example"),
        Err(Error::UserInfo)
    );
    let long = format!("https://shop.example/{}", "a".repeat(2048));
    assert_eq!(
        page_url(&long, "shop.example"),
        Err(Error::UrlTooLong(2069))
    );
    let grows = format!("https://shop.example/{}", "ü".repeat(500));
    assert_eq!(
        page_url(&grows, "shop.example"),
        Err(Error::UrlTooLong(3021))
    );
    let long_fragment = format!("https://shop.example/#{}", "a".repeat(5000));
    assert!(page_url(&long_fragment, "shop.example").is_ok());
}

#[test]
fn a_link_resolves_against_its_page() {
    let base = "https://shop.example/a/b";
    assert_eq!(
        join_url(base, "../c").as_deref(),
        Some("https://shop.example/c")
    );
    assert_eq!(join_url(base, "mailto:me@x.test"), None);
    assert_eq!(join_url("nonsense", "c"), None);
}

proptest! {
    #[test]
    fn a_normalised_domain_is_stable(input in r"(https?://)?(www\.|WWW\.)?[a-zA-Z0-9ü例\-.]{1,40}(:\d{1,5})?(/.*)?") {
        if let Ok(name) = domain_name(&input) {
            prop_assert_eq!(domain_name(&name), Ok(name.clone()));
            prop_assert!(name.len() <= MAX_DOMAIN_LENGTH);
        }
    }

    #[test]
    fn odd_text_never_panics(input in any::<String>()) {
        let _ = domain_name(&input);
        let _ = page_url(&input, "shop.example");
        let _ = join_url("https://shop.example/", &input);
    }

    #[test]
    fn a_normalised_url_is_stable(rest in r"[ -~üé]{0,60}") {
        if let Ok(url) = page_url(&format!("https://Shop.example/{rest}"), "shop.example") {
            prop_assert_eq!(page_url(&url, "shop.example"), Ok(url.clone()));
        }
    }
}
